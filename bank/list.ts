/** A list of payments for entry by hand in home banking: CSV, and text to read. */

import { formatEuro, sum } from "../settlement/amounts.ts";
import type { PaymentOrder } from "./order.ts";

/** No field needs quotes: the SEPA character set has commas, so that the columns are parted by semicolons. */
export function listCsv({ payments }: PaymentOrder): string {
  const lines = payments.map(({ endToEndId, amount, name, iban, remittance }) =>
    [endToEndId, formatEuro(amount), name, iban, remittance].join(";"),
  );
  return ["end_to_end_id;amount_eur;name;iban;remittance", ...lines].join("\n");
}

/** IBANs in groups of four, as people type them. */
export function listText({ messageId, executionDate, debtor, payments }: PaymentOrder): string {
  const lines = payments.flatMap(({ endToEndId, amount, name, iban, remittance }, index) => [
    `${index + 1}. ${name}`,
    `   IBAN      ${grouped(iban)}`,
    `   Importo   ${formatEuro(amount).replace(".", ",")} €`,
    `   Causale   ${remittance}`,
    `   Rif. e2e  ${endToEndId}`,
    "",
  ]);
  return [
    `Bonifici da disporre — ${messageId}`,
    `Ordinante: ${debtor.name}, ${grouped(debtor.iban)}`,
    `Data di esecuzione: ${executionDate}`,
    "",
    ...lines,
    `Totale: ${formatEuro(sum(payments.map(({ amount }) => amount))).replace(".", ",")} €, bonifici: ${payments.length}`,
  ].join("\n");
}

function grouped(iban: string): string {
  return iban.replaceAll(/(.{4})(?=.)/g, "$1 ");
}
