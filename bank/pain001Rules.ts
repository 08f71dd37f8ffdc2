/** The part of pain.001.001.09 that our documents use: elements in the schema's order, types as patterns. */

import { PAIN001_NAMESPACE } from "./pain001.ts";
import type { ElementRule } from "./schemeRules.ts";

/** Max35Text, Max70Text and Max140Text, in SEPA's character set. */
const set = "[A-Za-z0-9/\\-?:().,'+ ]";
export const TEXT_35 = new RegExp(`^(?!/)(?!.*//)${set}{1,35}(?<!/)$`);
export const TEXT_70 = new RegExp(`^${set}{1,70}$`);
export const TEXT_140 = new RegExp(`^(?!/)(?!.*//)${set}{1,140}(?<!/)$`);
export const COUNT = /^[1-9]\d{0,14}$/;
export const AMOUNT = /^(0\.0[1-9]|0\.[1-9]\d|[1-9]\d{0,8}\.\d{2})$/;
/** DecimalNumber: 18 digits in all. */
export const SUM = /^\d{1,16}\.\d{2}$/;
export const ISO_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
export const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;
export const IBAN = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/;
export const BIC = /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/;

export const MOST_PAYMENTS = 100_000;

/** A credit transfer without an agent: SEPA finds the creditor's bank by the IBAN. */
export const CREDIT_TRANSFER: readonly ElementRule[] = [
  {
    name: "PmtId",
    children: [
      { name: "InstrId", text: TEXT_35 },
      { name: "EndToEndId", text: TEXT_35 },
    ],
  },
  { name: "Amt", children: [{ name: "InstdAmt", text: AMOUNT, attributes: { Ccy: /^EUR$/ } }] },
  { name: "Cdtr", children: [{ name: "Nm", text: TEXT_70 }] },
  { name: "CdtrAcct", children: [{ name: "Id", children: [{ name: "IBAN", text: IBAN }] }] },
  { name: "RmtInf", children: [{ name: "Ustrd", text: TEXT_140 }] },
];

const TOTALS: readonly ElementRule[] = [
  { name: "NbOfTxs", text: COUNT },
  { name: "CtrlSum", text: SUM },
];

const ORGANISATION: ElementRule = {
  name: "Id",
  optional: true,
  children: [{ name: "OrgId", children: [{ name: "Othr", children: [{ name: "Id", text: TEXT_35 }] }] }],
};

export const PAIN001_RULES: ElementRule = {
  name: "Document",
  attributes: { xmlns: new RegExp(`^${PAIN001_NAMESPACE}$`) },
  children: [
    {
      name: "CstmrCdtTrfInitn",
      children: [
        {
          name: "GrpHdr",
          children: [
            { name: "MsgId", text: TEXT_35 },
            { name: "CreDtTm", text: ISO_INSTANT },
            ...TOTALS,
            { name: "InitgPty", children: [{ name: "Nm", text: TEXT_70 }, ORGANISATION] },
          ],
        },
        {
          name: "PmtInf",
          children: [
            { name: "PmtInfId", text: TEXT_35 },
            { name: "PmtMtd", text: /^TRF$/ },
            { name: "BtchBookg", text: /^(true|false)$/ },
            ...TOTALS,
            { name: "PmtTpInf", children: [{ name: "SvcLvl", children: [{ name: "Cd", text: /^SEPA$/ }] }] },
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
                    { name: "Othr", optional: true, children: [{ name: "Id", text: /^NOTPROVIDED$/ }] },
                  ],
                },
              ],
            },
            { name: "ChrgBr", text: /^SLEV$/ },
            { name: "CdtTrfTxInf", most: MOST_PAYMENTS, children: CREDIT_TRANSFER },
          ],
        },
      ],
    },
  ],
};
