/** ISO 20022 pain.001.001.09, as the SEPA credit transfer scheme uses it between customer and bank (EPC132-08). */

import { formatEuro, sum } from "../settlement/amounts.ts";
import type { PaymentOrder } from "./order.ts";
import { type XmlNode, xmlDocument } from "./xml.ts";

export const PAIN001_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

export function pain001Document(order: PaymentOrder): string {
  const { debtor, payments } = order;
  const totals = { NbOfTxs: String(payments.length), CtrlSum: formatEuro(sum(payments.map(({ amount }) => amount))) };
  const identified = debtor.cuc === undefined ? {} : { Id: { OrgId: { Othr: { Id: debtor.cuc } } } };
  return xmlDocument({
    Document: {
      "@_xmlns": PAIN001_NAMESPACE,
      CstmrCdtTrfInitn: {
        GrpHdr: {
          MsgId: order.messageId,
          CreDtTm: order.createdAt,
          ...totals,
          InitgPty: { Nm: debtor.name, ...identified },
        },
        PmtInf: {
          PmtInfId: order.messageId,
          PmtMtd: "TRF",
          BtchBookg: "true",
          ...totals,
          PmtTpInf: { SvcLvl: { Cd: "SEPA" } },
          ReqdExctnDt: { Dt: order.executionDate },
          Dbtr: { Nm: debtor.name },
          DbtrAcct: { Id: { IBAN: debtor.iban } },
          DbtrAgt: { FinInstnId: debtor.bic === undefined ? { Othr: { Id: "NOTPROVIDED" } } : { BICFI: debtor.bic } },
          ChrgBr: "SLEV",
          CdtTrfTxInf: payments.map(creditTransfer),
        },
      },
    },
  });
}

/** One payment; the same in the Italian dialect. */
export function creditTransfer({
  endToEndId,
  amount,
  name,
  iban,
  remittance,
}: PaymentOrder["payments"][number]): XmlNode {
  return {
    PmtId: { InstrId: endToEndId, EndToEndId: endToEndId },
    Amt: { InstdAmt: { "@_Ccy": "EUR", "#text": formatEuro(amount) } },
    Cdtr: { Nm: name },
    CdtrAcct: { Id: { IBAN: iban } },
    RmtInf: { Ustrd: remittance },
  };
}
