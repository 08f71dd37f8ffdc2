/** The part of CBIPaymentRequest.00.04.01 and of its body that our documents use, in the schema's order. */

import { CBI_BODY_NAMESPACE, CBI_NAMESPACE } from "./cbi.ts";
import {
  BIC,
  COUNT,
  CREDIT_TRANSFER,
  IBAN,
  ISO_DAY,
  ISO_INSTANT,
  MOST_PAYMENTS,
  SUM,
  TEXT_35,
  TEXT_70,
} from "./pain001Rules.ts";
import type { ElementRule } from "./schemeRules.ts";

const CUC: ElementRule = {
  name: "Othr",
  children: [
    { name: "Id", text: /^[A-Z0-9]{8}$/ },
    { name: "Issr", text: /^CBI$/ },
  ],
};

/** No counts and sums within PmtInf, other than in pain.001. */
const REQUEST: readonly ElementRule[] = [
  {
    name: "GrpHdr",
    children: [
      { name: "MsgId", text: TEXT_35 },
      { name: "CreDtTm", text: ISO_INSTANT },
      { name: "NbOfTxs", text: COUNT },
      { name: "CtrlSum", text: SUM },
      {
        name: "InitgPty",
        children: [
          { name: "Nm", text: TEXT_70 },
          { name: "Id", children: [{ name: "OrgId", children: [CUC] }] },
        ],
      },
    ],
  },
  {
    name: "PmtInf",
    children: [
      { name: "PmtInfId", text: TEXT_35 },
      { name: "PmtMtd", text: /^TRF$/ },
      { name: "BtchBookg", text: /^(true|false)$/ },
      {
        name: "PmtTpInf",
        children: [
          { name: "InstrPrty", text: /^NORM$/ },
          { name: "SvcLvl", children: [{ name: "Cd", text: /^SEPA$/ }] },
        ],
      },
      { name: "ReqdExctnDt", children: [{ name: "Dt", text: ISO_DAY }] },
      { name: "Dbtr", children: [{ name: "Nm", text: TEXT_70 }] },
      { name: "DbtrAcct", children: [{ name: "Id", children: [{ name: "IBAN", text: IBAN }] }] },
      {
        name: "DbtrAgt",
        children: [
          {
            name: "FinInstnId",
            children: [
              { name: "BICFI", text: BIC, optional: true },
              { name: "ClrSysMmbId", children: [{ name: "MmbId", text: /^\d{5}$/ }] },
            ],
          },
        ],
      },
      { name: "ChrgBr", text: /^SLEV$/ },
      { name: "CdtTrfTxInf", most: MOST_PAYMENTS, children: CREDIT_TRANSFER },
    ],
  },
];

export const CBI_RULES: ElementRule = {
  name: "CBIPaymentRequest",
  attributes: { xmlns: new RegExp(`^${CBI_NAMESPACE}$`) },
  children: REQUEST,
};

export const CBI_BODY_RULES: ElementRule = {
  name: "CBIBdyPaymentRequest",
  attributes: { xmlns: new RegExp(`^${CBI_BODY_NAMESPACE}$`), "xmlns:PMRQ": new RegExp(`^${CBI_NAMESPACE}$`) },
  children: [
    {
      name: "CBIEnvelPaymentRequest",
      children: [{ name: "CBIPaymentRequest", children: REQUEST.map(prefixed) }],
    },
  ],
};

function prefixed(rule: ElementRule): ElementRule {
  const name = `PMRQ:${rule.name}`;
  return "children" in rule ? { ...rule, name, children: rule.children.map(prefixed) } : { ...rule, name };
}
