/*
 * What is handed to payees, to GSE and to the accountant
 *   a yearly certificate: amounts by kind, payouts, standing; a year without any
 *   GSE's evidence: the excess, the threshold, who got what, what came in
 *   the books in double entry: debits are credits, balances the chain's, every detail where it belongs
 *   hourly data of a member's channels, and of a configuration
 */

import assert from "node:assert/strict";
import { certificatePdf } from "../../../api/documents/certificatePdf.ts";
import { evidencePdf } from "../../../api/documents/evidencePdf.ts";
import {
  CHANNEL_HOUR_COLUMNS,
  CONFIGURATION_HOUR_COLUMNS,
  channelHoursCsv,
  configurationHoursCsv,
} from "../../../api/documents/hoursCsv.ts";
import { LEDGER_COLUMNS, ledgerCsv } from "../../../api/documents/ledgerCsv.ts";
import { type Names, withoutNames } from "../../../api/documents/names.ts";
import { sum } from "../../../settlement/amounts.ts";
import { certificateOf } from "../../../settlement/certificate.ts";
import { channelBatches, toldBatches } from "../../../settlement/channelHours.ts";
import { excessEvidence } from "../../../settlement/excessEvidence.ts";
import type { History } from "../../../settlement/history.ts";
import { endOfMonth, parseMonth, startOfMonth } from "../../../settlement/hours.ts";
import { postingsOf } from "../../../settlement/postings.ts";
import { recompute } from "../../../settlement/recompute.ts";
import { evidenceHash } from "../../../settlement/statementHash.ts";
import type { Language } from "../../../settlement/terms.ts";
import { adjusted } from "../../settlement/histories/adjusted.ts";
import { redeemed } from "../../settlement/histories/redeemed.ts";
import { inItalian, linesOf, micro } from "../../support/documents.ts";
import { pdfPages } from "../../support/pdfText.ts";
import { spreadTimes } from "../../support/periods.ts";

const DECEMBER = parseMonth("2026-12") ?? 0;
const NAMES: Names = {
  community: "CER Prova",
  nameOf: (account) => (account === 2 ? "-Neri" : `Conto n. ${account}`),
  meterOf: (_, channel) => `+${channel}`,
};
const optionsIn = (language: Language) => ({
  language,
  asOf: { block: 77n, time: 1_798_761_600 },
  verification: { url: "https://example.org/verify/0xabc", hash: "0xabc" },
});
const timesOf = (history: History) => spreadTimes(history, DECEMBER, 1000);

function certificate(history: History, number: number, year = 2026) {
  const account = history.accounts.find((candidate) => candidate.number === number);
  assert(account);
  return certificateOf(history, recompute(history), account, year, timesOf(history));
}

describe("a yearly certificate", () => {
  it("has by kind what was paid, each payout, and where the account stands", async () => {
    const of = certificate(adjusted, 4);
    // The owner was paid for a sale, of which more was taken back later.
    assert.deepEqual([of.paid, of.byKind["energy-sale"]], [73_283_353n, 50_000_000n]);
    const text = pdfPages(await certificatePdf(of, NAMES, optionsIn("it"))).join("");
    assert(text.includes("Certificazione degli importi pagati nel 2026"));
    for (const kind of ["premium", "valorisation", "energy-sale"] as const) {
      const name = { premium: "tariffa premio", valorisation: "valorizzazione", "energy-sale": "vendita di energia" };
      assert(text.includes(`${name[kind]}${inItalian(of.byKind[kind])}`), `${kind}: ${text}`);
    }
    assert(text.includes(`Totale pagato${inItalian(of.paid)}`));
    assert(text.includes(`Da pagare${inItalian(of.closing.owed)}`));
    assert(text.includes(`blocco ${of.payouts[0]?.block} · transazione ${of.payouts[0]?.transaction}`));
  });

  it("of one kind alone has no columns by kind, and tells what was transferred", async () => {
    const of = certificate(redeemed, 1);
    const text = pdfPages(await certificatePdf(of, NAMES, optionsIn("en"))).join("");
    assert(text.includes("DateRunAmount €"));
    assert(text.includes("Bank transfers executed in the year, less those returned1.000000"));
    assert(text.includes("premium tariff22.000000Paid in all22.000000"));
  });

  it("says so where nothing was paid", async () => {
    const text = pdfPages(await certificatePdf(certificate(redeemed, 1, 2025), NAMES, optionsIn("it"))).join("");
    assert(text.includes("Nell'anno non è stato pagato nulla."));
  });
});

describe("GSE's evidence", () => {
  const evidence = excessEvidence(adjusted, recompute(adjusted), 0, 2026);

  it("tells to whom the excess went, by rule and class", () => {
    const { totals, allocations } = evidence;
    const { nonEnterprises, socialFunds, others } = totals.excessTo;
    assert.deepEqual([nonEnterprises + socialFunds, others], [totals.pools.excess, 0n]);
    assert.deepEqual(
      allocations
        .filter(({ pool, kind }) => pool === "excess" && kind === "rule")
        .map(({ rule, beneficiary }) => [rule, beneficiary]),
      [
        [7, "persona_fisica"],
        [8, "ente_territoriale"],
        [8, "persona_fisica"],
        [9, "ente_territoriale"],
        [10, "social-fund"],
      ],
    );
    // A rule gives its share of the pool, but for rounding.
    for (const [rule, share] of [
      [7, 6000n],
      [8, 2000n],
    ] as const) {
      const given = sum(allocations.filter((each) => each.rule === rule).map(({ amount }) => amount));
      const whole = (totals.pools.excess * share) / 10_000n;
      assert(given <= whole && whole - given < 5n, `rule ${rule}: ${given} of ${whole}`);
    }
  });

  it("has both sets of plants with their threshold, and the adjustment", () => {
    assert.deepEqual(
      evidence.plantSets.map(({ set, threshold }) => [set, threshold]),
      [
        ["withoutGrant", 5500n],
        ["withGrant", 4500n],
      ],
    );
    // All that was injected was shared.
    assert(evidence.plantSets.every(({ quota }) => quota === 10_000n));
    assert.equal(evidence.adjusted?.block, adjusted.adjustments[0]?.place.block);
  });

  it("splits the part of a member with meters of two classes by their keys", () => {
    const recomputed = recompute(adjusted);
    const [ledger] = recomputed.ledgers;
    assert(ledger);
    // Of the household's two meters the second is an enterprise's.
    const versions = ledger.versions.map((version) => ({
      ...version,
      roster: {
        ...version.roster,
        withdrawal: version.roster.withdrawal.map((channel) =>
          channel.number === 10 ? { ...channel, class: "impresa" as const } : channel,
        ),
      },
    }));
    const ledgers = recomputed.ledgers.map((each, index) => (index === 0 ? { ...each, versions } : each));
    const { allocations, totals } = excessEvidence(adjusted, { ...recomputed, ledgers }, 0, 2026);
    const ofRule = (of: typeof allocations) => of.filter(({ rule }) => rule === 4);
    const amount = (of: typeof allocations) => sum(ofRule(of).map((each) => each.amount));
    assert.equal(amount(allocations), amount(evidence.allocations));
    const enterprises = (of: typeof allocations) =>
      sum(
        ofRule(of)
          .filter(({ beneficiary }) => beneficiary === "impresa")
          .map((each) => each.amount),
      );
    assert(enterprises(allocations) > enterprises(evidence.allocations));
    assert.equal(sum(allocations.map((each) => each.amount)), totals.received);
  });

  it("as a PDF has the totals, in both languages, and names nobody", async () => {
    const pdf = await evidencePdf(evidence, NAMES, optionsIn("it"));
    const text = pdfPages(pdf).join("");
    const { totals } = evidence;
    assert(text.includes(`A consumatori diversi dalle imprese${inItalian(totals.excessTo.nonEnterprises)}`), text);
    assert(text.includes(`A fini sociali${inItalian(totals.excessTo.socialFunds)}Ad altri0,000000`));
    const receipts = evidence.months.flatMap((month) => month.receipts);
    const premium = sum(receipts.filter(({ kind }) => kind === "premium").map(({ net }) => net));
    assert(text.includes(`Totale${inItalian(premium)}`), `${inItalian(premium)}: ${text}`);
    assert(!text.includes("Neri"));
    const english = pdfPages(await evidencePdf(evidence, withoutNames("CER"), optionsIn("en"))).join("");
    assert(english.includes("To consumers that are not enterprises"));
    assert.notEqual(evidenceHash(adjusted, evidence), evidenceHash(adjusted, { ...evidence, year: 2025 }));
  });

  it("of a year without anything is empty, and says that the adjustment is not booked", async () => {
    const none = excessEvidence(adjusted, recompute(adjusted), 0, 2025);
    assert.deepEqual([none.months, none.allocations, none.plantSets, none.adjusted], [[], [], [], undefined]);
    const text = pdfPages(await evidencePdf(none, NAMES, optionsIn("it"))).join("");
    assert(text.includes("Il conguaglio dell'anno non è registrato"));
  });
});

describe("the books in double entry", () => {
  const linesOfHistory = (history: History) => {
    const areas = history.ledgers.map(({ area }) => area);
    const csv = ledgerCsv(postingsOf(history), areas, NAMES, timesOf(history));
    assert.equal(csv.split("\n")[0], LEDGER_COLUMNS.join(","));
    return linesOf(csv);
  };

  for (const [name, history] of Object.entries({ adjusted, redeemed })) {
    it(`of «${name}»: debits are credits, and balances the chain's`, () => {
      const lines = linesOfHistory(history);
      const total = (of: typeof lines, column: string) => sum(of.map((line) => micro(line[column])));
      assert.equal(total(lines, "debit_eur"), total(lines, "credit_eur"));
      for (const { number, owed, balance } of history.treasury.accounts) {
        for (const [account, expected] of [
          ["owed", owed],
          ["credit", balance],
        ] as const) {
          const of = lines.filter((line) => line["account"] === String(number) && line["ledger_account"] === account);
          assert.equal(total(of, "credit_eur") - total(of, "debit_eur"), expected, `${account} of ${number}`);
        }
      }
    });
  }

  it("tells of each entry what belongs to it", () => {
    const lines = [...linesOfHistory(adjusted), ...linesOfHistory(redeemed)];
    const first = (kind: string) => {
      const line = lines.find((candidate) => candidate["kind"] === kind);
      assert(line, kind);
      return line;
    };
    const receipt = first("receipt");
    assert.deepEqual(
      [
        receipt["receipt_kind"],
        receipt["month"],
        receipt["configuration"],
        receipt["gross_eur"],
        receipt["fee_eur"],
        receipt["vat_eur"],
      ],
      ["premium", "2026-12", "AREA-0", "310.000000", "8.000000", "2.000000"],
    );
    assert.equal(first("payout")["run"], "1");
    assert.equal(first("write-off")["note"], "the plant was sold");
    assert.deepEqual([first("redemption-executed")["end_to_end_id"], first("redemption-executed")["file"]], ["A", "1"]);
    assert.equal(lines.find((line) => line["account"] === "2")?.["name"], "'-Neri");
    assert.equal(lines.find((line) => line["ledger_account"] === "bank")?.["name"], "");
  });

  it("tells credit that was passed on", () => {
    const place = adjusted.receipts.at(-1)?.place;
    assert(place);
    const transfers = [{ place, from: 1, to: 2, amount: 7n }];
    const lines = linesOfHistory({ ...adjusted, tokens: { ...adjusted.tokens, transfers } });
    const of = lines.filter(({ kind }) => kind === "transfer");
    assert.deepEqual(
      of.map((line) => [line["account"], line["debit_eur"], line["credit_eur"], line["note"]]),
      [
        ["1", "0.000007", "", "from 1 to 2"],
        ["2", "", "0.000007", "from 1 to 2"],
      ],
    );
  });
});

describe("hourly data", () => {
  const [ledger] = adjusted.ledgers;
  assert(ledger);
  const firstHour = startOfMonth(DECEMBER);
  const span = { firstHour, hourCount: endOfMonth(DECEMBER) - firstHour };

  it("of a member's channel add up to its month", () => {
    const channel = { configuration: 0, area: ledger.area, channel: 6, direction: "withdrawn" } as const;
    const csv = channelHoursCsv([{ ...channel, batches: channelBatches(ledger, 6, span) }], NAMES);
    assert.equal(csv.split("\n")[0], CHANNEL_HOUR_COLUMNS.join(","));
    const lines = linesOf(csv);
    assert.equal(lines.length, 12);
    const total = (column: string) => sum(lines.map((line) => BigInt(line[column] ?? "")));
    assert.deepEqual([total("energy_wh"), total("coincident_wh")], [8862n, 7252n]);
    assert.equal(total("scaled_q30") / 2n ** 30n, 7252n);
    const [line] = lines;
    assert.deepEqual(
      [
        line?.["utc_hour"],
        line?.["local_hour"],
        line?.["meter"],
        line?.["missing"],
        line?.["grade"],
        line?.["attributed_wh"],
      ],
      ["2026-12-30T23:00:00Z", "2026-12-31 00:00 +01:00", "'+6", "0", "estimated", ""],
    );
  });

  it("of a plant have what was attributed", () => {
    const channel = { configuration: 0, area: ledger.area, channel: 3, direction: "injected" } as const;
    const lines = linesOf(channelHoursCsv([{ ...channel, batches: channelBatches(ledger, 3, span) }], NAMES));
    assert.equal(sum(lines.map((line) => BigInt(line["attributed_wh"] ?? ""))), 15_324n);
  });

  it("of a configuration are the ledger's, corrected ones with their revision", () => {
    const csv = configurationHoursCsv(ledger.area, toldBatches(ledger, span));
    assert.equal(csv.split("\n")[0], CONFIGURATION_HOUR_COLUMNS.join(","));
    const lines = linesOf(csv);
    assert.equal(sum(lines.map((line) => BigInt(line["shared_wh"] ?? ""))), 54_096n);
    assert.deepEqual(
      lines.map(({ revision }) => revision),
      [...new Array(12).fill("0"), ...new Array(12).fill("1")],
    );
  });
});
