/** Redemption files and what the bank did with them, prepared. */

import type { Hex } from "viem";
import type { RedemptionOrder } from "../../bank/redemptionOrder.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import {
  addPaymentsCalls,
  approveFileCall,
  approveOutcomesCall,
  chunks,
  dropFileCalls,
  type FileOnChain,
  fileContent,
  nextFile,
  objectToFileCall,
  openFileCall,
  proposeOutcomesCall,
  readFile,
  withdrawFileObjectionCall,
} from "../../chain/redemption.ts";
import { sum } from "../../settlement/amounts.ts";
import { sortOutcomes } from "../../settlement/outcomes.ts";
import { fileContentHash, redeemedPayments } from "../../settlement/redemptions.ts";
import { Problem } from "../http/problem.ts";
import type { ActionOf } from "./actions.ts";
import type { TreasuryContext } from "./context.ts";
import { contradiction, euroWords, inOrder, type Planned, planned } from "./planned.ts";

/** Finds the order whose document has a hash, with names and IBANs. @throws Problem 404, 410 */
export type OrderOf = (documentHash: Hex) => RedemptionOrder;

/**
 * What opens the file of an order and fills it, or goes on where it was left.
 * @throws Problem 409 if the file is complete already, or another one took its number
 */
export async function planFile(
  context: TreasuryContext,
  { redemptions }: CommunityAddresses,
  documentHash: Hex,
  { messageId, payments }: RedemptionOrder,
): Promise<Planned[]> {
  const next = await nextFile(context.client, redemptions);
  const newest = next === 1 ? undefined : await readFile(context.client, redemptions, next - 1);
  const isBegun = newest?.documentHash === documentHash;
  if (isBegun && newest.state !== "open") throw contradiction(`File ${newest.number} is ${newest.state} already`);
  const file = isBegun ? newest : { number: next, added: 0 };
  // Its payments' ids name the file.
  if (!messageId.endsWith(`-${file.number}`)) {
    throw contradiction(`The next file is number ${file.number}, and this order was made for another: make it anew`);
  }
  const total = euroWords(sum(payments.map(({ amount }) => amount)));
  const opening = planned(
    openFileCall(redemptions, documentHash, payments),
    `Apre la distinta ${file.number} (bonifici: ${payments.length}): ${total.it}`,
    `Open redemption file ${file.number} (transfers: ${payments.length}): ${total.en}`,
  );
  const adding = addPaymentsCalls(redemptions, file, payments).map((call, index, all) => {
    const step = all.length === 1 ? "" : ` (${index + 1}/${all.length})`;
    return planned(
      call,
      `Aggiunge i bonifici alla distinta ${file.number} e ne vincola il credito${step}`,
      `Add the transfers to redemption file ${file.number}, which takes their credit into escrow${step}`,
    );
  });
  return inOrder(isBegun ? adding : [opening, ...adding]);
}

/** @throws Problem 409 if the file is not what was seen, or not what its order says */
export async function planApproveFile(
  context: TreasuryContext,
  { redemptions }: CommunityAddresses,
  { file: number, contentHash }: ActionOf<"approve-redemption-file">,
  orderOf: OrderOf,
): Promise<Planned[]> {
  const file = await existingFile(context, redemptions, number);
  if (file.state !== "proposed")
    throw contradiction(`File ${number} is ${file.state}: only a proposed file is approved`);
  const { payments } = orderOf(file.documentHash);
  const expected = fileContentHash(number, file.documentHash, payments);
  if ((await fileContent(context.client, redemptions, number)) !== expected) {
    throw contradiction(`File ${number} on the chain pays otherwise than its document: do not approve it, drop it`);
  }
  if (contentHash !== expected) {
    throw contradiction(`File ${number} is not what this hash stands for: look at its payments again`);
  }
  const total = euroWords(file.total);
  return [
    planned(
      approveFileCall(redemptions, number, contentHash),
      `Approva la distinta ${number} (bonifici: ${file.count}): ${total.it}`,
      `Approve redemption file ${number} (transfers: ${file.count}): ${total.en}`,
    ),
  ];
}

export function planFileObjection(
  { redemptions }: CommunityAddresses,
  { file, reason }: ActionOf<"object-to-redemption-file">,
): Planned[] {
  return [
    planned(
      objectToFileCall(redemptions, file, reason),
      `Si oppone alla distinta ${file}: ${reason}`,
      `Object to redemption file ${file}: ${reason}`,
    ),
  ];
}

export function planWithdrawFileObjection({ redemptions }: CommunityAddresses, file: number): Planned[] {
  return [
    planned(
      withdrawFileObjectionCall(redemptions, file),
      `Ritira l'opposizione alla distinta ${file}`,
      `Withdraw the objection to redemption file ${file}`,
    ),
  ];
}

/** What gives a file up and its escrow back. @throws Problem 503 if the index does not know all its payments yet */
export async function planDropFile(
  context: TreasuryContext,
  at: CommunityAddresses,
  number: number,
): Promise<Planned[]> {
  const file = await existingFile(context, at.redemptions, number);
  const own = redeemedPayments(await context.reader.tokenEvents(at)).filter((payment) => payment.file === number);
  if (own.length < file.added) throw indexBehind();
  const ids = own.filter(({ state }) => state === "escrowed").map(({ endToEndId }) => endToEndId);
  return dropFileCalls(at.redemptions, number, ids).map((call) =>
    planned(
      call,
      `Abbandona la distinta ${number} e libera il credito vincolato`,
      `Give redemption file ${number} up and its escrow back`,
    ),
  );
}

/** @throws Problem 422 that names every outcome which cannot be booked */
export async function planOutcomes(
  context: TreasuryContext,
  at: CommunityAddresses,
  { outcomes }: ActionOf<"propose-outcomes">,
): Promise<Planned[]> {
  const numbered = outcomes.map((outcome, index) => ({ ...outcome, index }));
  const { executed, returned, problems } = sortOutcomes(await context.reader.tokenEvents(at), numbered);
  if (problems.length > 0) {
    throw new Problem(422, "Some outcomes cannot be booked: see errors", {
      fields: problems.map(({ given, problem, remedy }) => ({
        field: `body.action.outcomes.${given.index}`,
        problem: `${given.endToEndId}: ${problem}`,
        remedy,
      })),
    });
  }
  const proposed = (ids: readonly string[], outcome: "executed" | "returned", it: string) =>
    chunks(ids).map((chunk) =>
      planned(
        proposeOutcomesCall(at.redemptions, outcome, chunk),
        `Propone bonifici come ${it}: ${chunk.length}`,
        `Propose transfers as ${outcome}: ${chunk.length}`,
      ),
    );
  return [...proposed(executed, "executed", "eseguiti"), ...proposed(returned, "returned", "tornati indietro")];
}

/** @throws Problem 404 unless outcomes are proposed under this number; 409 if they are approved */
export async function planApproveOutcomes(
  context: TreasuryContext,
  at: CommunityAddresses,
  number: number,
): Promise<Planned[]> {
  const tokens = await context.reader.tokenEvents(at);
  const proposal = tokens.outcomes.find((each) => each.number === number);
  if (proposal === undefined)
    throw new Problem(404, `No outcomes ${number} are proposed: GET …/treasury shows what is`);
  if (proposal.approved !== undefined) throw contradiction(`Outcomes ${number} are approved already`);
  const { outcome, endToEndIds } = proposal;
  const it = outcome === "executed" ? "eseguiti" : "tornati indietro";
  return [
    planned(
      approveOutcomesCall(at.redemptions, number, outcome, endToEndIds),
      `Approva bonifici come ${it}: ${endToEndIds.length} (esiti ${number})`,
      `Approve transfers as ${outcome}: ${endToEndIds.length} (outcomes ${number})`,
    ),
  ];
}

async function existingFile(
  { client }: TreasuryContext,
  redemptions: CommunityAddresses["redemptions"],
  number: number,
): Promise<FileOnChain> {
  const file = await readFile(client, redemptions, number);
  if (file.state === "none") throw new Problem(404, `There is no file ${number}: GET …/redemption-files lists them`);
  return file;
}

function indexBehind(): Problem {
  const headers = { "Retry-After": "5" };
  return new Problem(503, "The index has not come so far yet: ask again in some seconds", { headers });
}
