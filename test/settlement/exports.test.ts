/* What a community hands to GSE, to payees and to its accountant, of the recorded histories: see test/support/exports.ts. */

import type { History } from "../../settlement/history.ts";
import { recompute } from "../../settlement/recompute.ts";
import { checkCertificates, checkEvidence, checkKinds, checkPostings } from "../support/exports.ts";
import { spreadTimes } from "../support/periods.ts";
import { adjusted } from "./histories/adjusted.ts";
import { corrected } from "./histories/corrected.ts";
import { redeemed } from "./histories/redeemed.ts";
import { settled } from "./histories/settled.ts";

const HISTORIES: Readonly<Record<string, History>> = { adjusted, corrected, redeemed, settled };
const MONTH = 2026 * 12 + 10;

describe("the exports", () => {
  for (const [name, history] of Object.entries(HISTORIES)) {
    const recomputed = recompute(history);
    it(`of «${name}»: kinds of receipts add up to entitlements and payouts`, () => checkKinds(history, recomputed));
    it(`of «${name}»: debits are credits, balances the chain's`, () => checkPostings(history));
    it(`of «${name}»: the years' certificates are what was paid`, () =>
      checkCertificates(history, recomputed, spreadTimes(history, MONTH, 2)));
    it(`of «${name}»: the evidence accounts for all that came in`, () => checkEvidence(history, recomputed));
  }
});
