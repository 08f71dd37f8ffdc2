/** Receipts and adjustments, prepared. */

import type { CommunityAddresses } from "../../chain/deploy.ts";
import { adjustYearCall, type Receipt, receiptCall } from "../../chain/payout.ts";
import { MICRO_PER_CENT } from "../../settlement/amounts.ts";
import { formatMonth, startOfMonth } from "../../settlement/hours.ts";
import { yearOf } from "../../settlement/monthExpected.ts";
import { splitByLargestRemainder } from "../../settlement/splitAdjustment.ts";
import { Problem } from "../http/problem.ts";
import type { IndexReader } from "../index/reader.ts";
import type { ActionOf } from "./actions.ts";
import { euroWords, type Planned, planned } from "./planned.ts";

const KINDS_IT: Readonly<Record<Receipt["kind"], string>> = {
  none: "",
  premium: "tariffa premio",
  valorisation: "valorizzazione",
  "energy-sale": "vendita di energia",
  reserve: "riserva",
  other: "altro",
};
const MONTHS = 12;

export function planReceipt(
  { receiptBook }: CommunityAddresses,
  {
    configuration,
    month,
    receiptKind: kind,
    account = 0,
    gross,
    fee,
    vat,
    net,
    documentHash,
  }: ActionOf<"book-receipt">,
): Planned[] {
  return [booked(receiptBook, { configuration, month, kind, account, gross, fee, vat, net, documentHash })];
}

function booked(receiptBook: CommunityAddresses["receiptBook"], receipt: Receipt): Planned {
  const { configuration, month, kind, account, net } = receipt;
  const amount = euroWords(net);
  const [to, a] = account === 0 ? ["", ""] : [`, passed through to account ${account}`, `, per il conto ${account}`];
  return planned(
    receiptCall(receiptBook, receipt),
    `Registra un incasso di ${amount.it} netti (${KINDS_IT[kind]}) per ${formatMonth(month)}, configurazione ${configuration}${a}`,
    `Book a receipt of ${amount.en} net (${kind}) for ${formatMonth(month)}, configuration ${configuration}${to}`,
  );
}

export function planAdjustYear(
  { receiptBook }: CommunityAddresses,
  { configuration, year, documentHash }: ActionOf<"adjust-year">,
): Planned[] {
  return [
    planned(
      adjustYearCall(receiptBook, configuration, year, documentHash),
      `Dichiara registrato il conguaglio del ${year}, configurazione ${configuration}: il prossimo riparto libera gli accantonamenti`,
      `Say that the adjustment of ${year} is booked, configuration ${configuration}: the next run releases what was held`,
    ),
  ];
}

/**
 * One receipt for each month of the year, in proportion to what accrued in it.
 * @throws Problem 422 if the year is not over or accrued nothing
 */
export function planSplitAdjustment(
  reader: Pick<IndexReader, "configurations" | "months">,
  community: number,
  { receiptBook }: CommunityAddresses,
  { configuration, year, net, documentHash }: ActionOf<"split-adjustment">,
): Planned[] {
  const area = reader.configurations(community).find((each) => each.configuration === configuration);
  if (area === undefined) throw new Problem(404, `There is no configuration ${configuration}: they are counted from 0`);
  if (area.nextHour === undefined || area.nextHour < startOfMonth((year + 1) * MONTHS)) {
    throw new Problem(422, `${year} is not over: its last hour is not recorded. Wait for its readings`);
  }
  const months = reader
    .months(community)
    .filter((each) => each.configuration === configuration && yearOf(each.month) === year);
  if (months.every(({ accrued }) => accrued === 0n)) {
    throw new Problem(422, `No premium was accrued in ${year}: book the adjustment by month, as GSE details it`);
  }
  const parts = splitByLargestRemainder(
    net / MICRO_PER_CENT,
    months.map(({ accrued }) => accrued),
  );
  return months.flatMap(({ month }, index) => {
    const part = (parts[index] ?? 0n) * MICRO_PER_CENT;
    const amounts = { gross: part, fee: 0n, vat: 0n, net: part };
    const receipt = { configuration, month, kind: "premium", account: 0, ...amounts, documentHash } as const;
    return part === 0n ? [] : [booked(receiptBook, receipt)];
  });
}
