/** What the oracle asks of a ledger, and what it brings to it. */

import type { Address } from "viem";
import { energyLedgerAbi } from "../chain/abi.ts";
import { readRosters, readStandingBatch } from "../chain/ledgerHistory.ts";
import type { ChainClient, Sender } from "../chain/send.ts";
import { type Batch, decodeBatch } from "../settlement/batch.ts";
import { batchDigest } from "../settlement/batchDigest.ts";
import type { Hour } from "../settlement/hours.ts";
import type { RosterVersion } from "../settlement/keys.ts";
import { decodeRoster, type Roster } from "../settlement/roster.ts";
import type { Correction } from "./corrections.ts";
import { amendBatch, type BatchSigner, recordBatch } from "./record.ts";

const LONGEST_BATCH = 24;

/** One ledger, with the key that signs for it and the one that sends, which needs no role. */
export class LedgerAccess {
  readonly address: Address;
  readonly #client: ChainClient;
  readonly #signer: BatchSigner;
  readonly #sender: Sender;

  constructor(client: ChainClient, address: Address, signer: BatchSigner, sender: Sender) {
    this.#client = client;
    this.address = address;
    this.#signer = signer;
    this.#sender = sender;
  }

  nextHour(): Promise<Hour> {
    return this.#client.readContract({ abi: energyLedgerAbi, address: this.address, functionName: "nextHour" });
  }

  /** In the order of their adoption. */
  async versions(): Promise<RosterVersion[]> {
    const rosters = await readRosters(this.#client, this.address);
    return rosters.map(({ effectiveHour, blob }) => ({ effectiveHour, roster: decodeRoster(blob) }));
  }

  /** What stands recorded for an hour. */
  async standing(
    hour: Hour,
    versions: readonly RosterVersion[],
  ): Promise<{ readonly batch: Batch; readonly digest: `0x${string}` } | undefined> {
    const firstHours = Array.from({ length: LONGEST_BATCH }, (_, index) => hour - index);
    const encoded = await readStandingBatch(this.#client, this.address, firstHours);
    const batch = encoded && decodeBatch(encoded);
    const roster = batch && versions[batch.rosterVersion - 1]?.roster;
    if (batch === undefined || roster === undefined || hour >= batch.firstHour + batch.hourCount) return undefined;
    return { batch, digest: batchDigest(batch, roster, this.#domain) };
  }

  async record(batch: Batch, roster: Roster): Promise<void> {
    await recordBatch(this.#sender, this.address, this.#client.chain.id, roster, batch, this.#signer);
  }

  async amend(correction: Pick<Correction, "old" | "corrected" | "roster">): Promise<void> {
    await amendBatch(this.#sender, this.address, this.#client.chain.id, correction, this.#signer);
  }

  get #domain() {
    return { chainId: this.#client.chain.id, ledger: this.address };
  }
}
