/** Renders a document from what the index keeps of its community. */

import type { Hex } from "viem";
import { type Certificate, certificateOf } from "../../settlement/certificate.ts";
import { excessEvidence } from "../../settlement/excessEvidence.ts";
import type { AccountRecord } from "../../settlement/history.ts";
import { type PeriodStatement, periodStatement } from "../../settlement/periodStatement.ts";
import { postingsOf } from "../../settlement/postings.ts";
import { evidenceHash, statementHash } from "../../settlement/statementHash.ts";
import type { KeptCommunity } from "../index/derive.ts";
import { apiJson } from "../json.ts";
import { certificatePdf } from "./certificatePdf.ts";
import { evidencePdf } from "./evidencePdf.ts";
import { ledgerCsv } from "./ledgerCsv.ts";
import type { Names } from "./names.ts";
import { periodCsv } from "./periodCsv.ts";
import { periodPdf } from "./periodPdf.ts";
import { type BatchesOf, reconciliationCsv, reconciliationOf } from "./reconciliation.ts";
import type { DocumentRequest, NameTable, Rendered } from "./request.ts";
import { runPreviewJson } from "./runPreview.ts";
import type { DocumentOptions } from "./telling.ts";
import { verificationUrl } from "./verification.ts";

/**
 * @param asOf the newest block with something of the community
 * @param batchesOf what stands of a configuration's batches: read only where a document needs them
 */
export async function render(
  request: DocumentRequest,
  kept: KeptCommunity,
  asOf: { readonly block: number; readonly time: number },
  batchesOf: BatchesOf,
): Promise<Rendered> {
  const { history, recomputed, timeOf } = kept;
  switch (request.kind) {
    case "statement.pdf": {
      const statement = statementFor(request, kept);
      if (statement === undefined) return undefined;
      const hash = statementHash(history, statement);
      return periodPdf(statement, namesOf(request.names), optionsOf(request, asOf, hash, request));
    }
    case "statement.csv": {
      const statement = statementFor(request, kept);
      return statement && periodCsv(statement, namesOf(request.names));
    }
    case "statement.hash": {
      const statement = statementFor(request, kept);
      return statement && statementHash(history, statement);
    }
    case "certificate.pdf": {
      const certificate = certificateFor(request, kept);
      const period = { from: request.year * 12, to: request.year * 12 + 11 };
      const statement = statementFor({ ...request, ...period }, kept);
      if (certificate === undefined || statement === undefined) return undefined;
      const hash = statementHash(history, statement);
      return certificatePdf(
        certificate,
        namesOf(request.names),
        optionsOf(request, asOf, hash, { ...request, ...period }),
      );
    }
    case "certificate.json": {
      const certificate = certificateFor(request, kept);
      return certificate && apiJson(certificate);
    }
    case "evidence.pdf":
    case "evidence.json": {
      if (history.ledgers[request.configuration] === undefined) return undefined;
      const evidence = excessEvidence(history, recomputed, request.configuration, request.year);
      if (request.kind === "evidence.json") return apiJson(evidence);
      return evidencePdf(
        evidence,
        namesOf(request.names),
        optionsOf(request, asOf, evidenceHash(history, evidence), undefined),
      );
    }
    case "ledger.csv": {
      const areas = history.ledgers.map(({ area }) => area);
      return ledgerCsv(postingsOf(history), areas, namesOf(request.names), timeOf);
    }
    case "run-preview.json":
      return runPreviewJson(request, kept);
    case "reconciliation.json":
    case "reconciliation.csv": {
      const years = reconciliationOf(request, kept, batchesOf);
      return request.kind === "reconciliation.json" ? apiJson({ years }) : reconciliationCsv(years);
    }
  }
}

type OfAccount = { readonly account: number };

function recordOf({ history }: KeptCommunity, { account }: OfAccount): AccountRecord | undefined {
  return history.accounts.find(({ number }) => number === account);
}

function statementFor(
  request: OfAccount & { readonly from: number; readonly to: number },
  kept: KeptCommunity,
): PeriodStatement | undefined {
  const account = recordOf(kept, request);
  const period = { fromMonth: request.from, toMonth: request.to };
  return account && periodStatement(kept.history, kept.recomputed, account, period, kept.timeOf);
}

function certificateFor(request: OfAccount & { readonly year: number }, kept: KeptCommunity): Certificate | undefined {
  const account = recordOf(kept, request);
  return account && certificateOf(kept.history, kept.recomputed, account, request.year, kept.timeOf);
}

function optionsOf(
  {
    language,
    verification,
    community,
  }: Pick<Extract<DocumentRequest, { kind: "statement.pdf" }>, "language" | "verification" | "community">,
  asOf: { readonly block: number; readonly time: number },
  hash: Hex,
  of: (OfAccount & { readonly from: number; readonly to: number }) | undefined,
): DocumentOptions {
  const { site, secret } = verification;
  const url =
    of === undefined
      ? site
      : verificationUrl(site, secret, { community, account: of.account, from: of.from, to: of.to, hash });
  return { language, asOf: { block: BigInt(asOf.block), time: asOf.time }, verification: { url, hash } };
}

function namesOf({ community, accounts, meters }: NameTable): Names {
  const names = new Map(accounts);
  const meterNames = new Map(meters.map(([configuration, channel, meter]) => [`${configuration} ${channel}`, meter]));
  return {
    community,
    nameOf: (account) => names.get(account),
    meterOf: (configuration, channel) => meterNames.get(`${configuration} ${channel}`),
  };
}
