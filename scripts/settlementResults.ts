/** What every command on a settlement's folder does alike: opens its chain, and writes what came of it. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { embeddedClient } from "../chain/client.ts";
import { type EmbeddedChain, openEmbeddedChain } from "../chain/embedded.ts";
import { Journal } from "../chain/journal.ts";
import type { ChainClient } from "../chain/send.ts";
import { audit } from "../settlement/audit.ts";
import type { History } from "../settlement/history.ts";
import { recompute } from "../settlement/recompute.ts";
import { type Statement, statementOf } from "../settlement/statement.ts";
import type { Language } from "../settlement/terms.ts";
import { type AuditReport, auditReport } from "./auditReport.ts";
import { type Keyring, officersOf, readKeyring } from "./keyring.ts";
import type { ShowProgress } from "./progress.ts";
import type { Bench } from "./settleLine.ts";
import { type Register, readRegister, type SettlementFolder, writeWhole } from "./settlementFolder.ts";
import { type Settlement, summarise } from "./settlementTable.ts";
import { statementText } from "./statementText.ts";
import { toJson } from "./table.ts";
import { WORDS } from "./words.ts";

export async function withChain<T>(
  folder: SettlementFolder,
  genesisTime: number,
  work: (chain: EmbeddedChain) => Promise<T>,
): Promise<T> {
  const chain = await openEmbeddedChain({ journal: folder.journal, genesisTime });
  try {
    return await work(chain);
  } finally {
    await chain.close();
  }
}

export function benchOf(chain: EmbeddedChain, keyring: Keyring, show: ShowProgress): Bench {
  const client = embeddedClient(chain);
  return { chain, client, keyring, officers: officersOf(keyring, client), show };
}

/** Goes on with the chain and the keys of a folder. */
export async function withBench<T>(
  folder: SettlementFolder,
  show: ShowProgress,
  work: (bench: Bench) => Promise<T>,
): Promise<T> {
  Journal.checkHoldsChain(folder.journal);
  const keyring = readKeyring(folder.keys);
  return withChain(folder, 0, (chain) => work(benchOf(chain, keyring, show)));
}

/** Audits, and writes everyone's statement, the treasurer's table and the audit. */
export async function writeResults(
  client: ChainClient,
  history: History,
  folder: SettlementFolder,
  language: Language,
): Promise<{ readonly settlement: Settlement; readonly report: AuditReport }> {
  const recomputed = recompute(history);
  const statements = history.accounts.map((account) => statementOf(history, recomputed, account));
  const register = readRegister(folder);
  const settlement = summarise(history, statements, register);
  const report = auditReport(history, await audit(history, recomputed), await client.getBlock());
  writeStatements(folder, statements, register, language);
  writeWhole(folder.settlement, toJson(settlement));
  writeWhole(folder.audit, toJson(report));
  return { settlement, report };
}

function writeStatements(
  folder: SettlementFolder,
  statements: readonly Statement[],
  register: Register,
  language: Language,
): void {
  mkdirSync(folder.statements, { recursive: true });
  for (const statement of statements) {
    const entry = register.accounts.find(({ number }) => number === statement.account.number);
    const file = join(folder.statements, entry?.id ?? String(statement.account.number));
    writeWhole(
      `${file}.json`,
      toJson({ community: register.community, id: entry?.id, name: entry?.name, ...statement }),
    );
    writeWhole(`${file}.txt`, statementText(statement, register, WORDS[language]));
  }
}
