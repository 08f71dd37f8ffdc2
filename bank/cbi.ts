/**
 * The Italian dialect: CBIPaymentRequest.00.04.01 (in force since 17 March 2024), a subset of pain.001.001.09 with the
 * sender's CUC, the bank's ABI code and its own namespaces; alone, or in the body that CBI's network transports.
 */

import { formatEuro, sum } from "../settlement/amounts.ts";
import type { PaymentOrder } from "./order.ts";
import { creditTransfer } from "./pain001.ts";
import { withPrefix, type XmlNode, xmlDocument } from "./xml.ts";

export const CBI_NAMESPACE = "urn:CBI:xsd:CBIPaymentRequest.00.04.01";
export const CBI_BODY_NAMESPACE = "urn:CBI:xsd:CBIBdyPaymentRequest.00.04.01";

/** Where the five digits of the bank's ABI code stand in an Italian IBAN. */
const ABI = [5, 10] as const;

export function cbiDocument(order: PaymentOrder, format: "cbi" | "cbi-body"): string {
  const request = paymentRequest(order);
  if (format === "cbi") return xmlDocument({ CBIPaymentRequest: { "@_xmlns": CBI_NAMESPACE, ...request } });
  return xmlDocument({
    CBIBdyPaymentRequest: {
      "@_xmlns": CBI_BODY_NAMESPACE,
      "@_xmlns:PMRQ": CBI_NAMESPACE,
      CBIEnvelPaymentRequest: { CBIPaymentRequest: withPrefix("PMRQ", request) },
    },
  });
}

function paymentRequest({ messageId, createdAt, executionDate, debtor, payments }: PaymentOrder): XmlNode {
  const bank = debtor.bic === undefined ? {} : { BICFI: debtor.bic };
  return {
    GrpHdr: {
      MsgId: messageId,
      CreDtTm: createdAt,
      NbOfTxs: String(payments.length),
      CtrlSum: formatEuro(sum(payments.map(({ amount }) => amount))),
      InitgPty: { Nm: debtor.name, Id: { OrgId: { Othr: { Id: debtor.cuc ?? "", Issr: "CBI" } } } },
    },
    PmtInf: {
      PmtInfId: messageId,
      PmtMtd: "TRF",
      BtchBookg: "true",
      PmtTpInf: { InstrPrty: "NORM", SvcLvl: { Cd: "SEPA" } },
      ReqdExctnDt: { Dt: executionDate },
      Dbtr: { Nm: debtor.name },
      DbtrAcct: { Id: { IBAN: debtor.iban } },
      DbtrAgt: { FinInstnId: { ...bank, ClrSysMmbId: { MmbId: debtor.iban.slice(...ABI) } } },
      ChrgBr: "SLEV",
      CdtTrfTxInf: payments.map(creditTransfer),
    },
  };
}
