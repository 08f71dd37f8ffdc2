/** What the oracle asks of a ledger, and what it brings to it. */

import type { Address, Hex } from "viem";
import { energyLedgerAbi } from "../chain/abi.ts";
import { type FollowedLedger, followLedger } from "../chain/followLedger.ts";
import type { ChainClient, Sender } from "../chain/send.ts";
import { type Batch, decodeBatch } from "../settlement/batch.ts";
import { batchDigest, batchTypedData } from "../settlement/batchDigest.ts";
import type { Hour } from "../settlement/hours.ts";
import type { RosterVersion } from "../settlement/keys.ts";
import { decodeRoster, type Roster } from "../settlement/roster.ts";
import { type BatchSigner, sendBatch, sendCorrection } from "./record.ts";

/** One ledger, with the key that signs for it and the one that sends, which needs no role. */
export class LedgerAccess {
  readonly address: Address;
  readonly #client: ChainClient;
  readonly #signer: BatchSigner;
  readonly #sender: Sender;
  readonly #followed: FollowedLedger;
  /** By their blobs: reading one takes a while, and they are asked for again and again. */
  readonly #decoded = new Map<Hex, Roster>();

  constructor(client: ChainClient, address: Address, signer: BatchSigner, sender: Sender) {
    this.#client = client;
    this.address = address;
    this.#signer = signer;
    this.#sender = sender;
    this.#followed = followLedger(client, address);
  }

  nextHour(): Promise<Hour> {
    return this.#client.readContract({ abi: energyLedgerAbi, address: this.address, functionName: "nextHour" });
  }

  /** In the order of their adoption. */
  async versions(): Promise<RosterVersion[]> {
    const rosters = await this.#followed.rosters();
    return rosters.map(({ effectiveHour, blob }) => {
      const roster = this.#decoded.get(blob) ?? decodeRoster(blob);
      this.#decoded.set(blob, roster);
      return { effectiveHour, roster };
    });
  }

  /** What stands recorded for an hour. */
  async standing(
    hour: Hour,
    versions: readonly RosterVersion[],
  ): Promise<{ readonly batch: Batch; readonly digest: Hex } | undefined> {
    const encoded = await this.#followed.batchOf(hour);
    const batch = encoded && decodeBatch(encoded);
    const roster = batch && versions[batch.rosterVersion - 1]?.roster;
    if (batch === undefined || roster === undefined) return undefined;
    return { batch, digest: batchDigest(batch, roster, this.domain) };
  }

  /** The newest block of the chain. */
  newestBlock(): Promise<{ readonly number: bigint; readonly timestamp: bigint }> {
    return this.#client.getBlock();
  }

  /** Who may sign, in ascending order, and how many have to. */
  async oracles(): Promise<{ readonly oracles: readonly Address[]; readonly quorum: number }> {
    const call = { abi: energyLedgerAbi, address: this.address, functionName: "oracles" } as const;
    const [oracles, quorum] = await this.#client.readContract(call);
    return { oracles, quorum };
  }

  /** Whose signature this oracle's is. */
  get signer(): Address {
    return this.#signer.address;
  }

  sign(batch: Batch, roster: Roster): Promise<Hex> {
    return this.#signer.sign(batchTypedData(batch, roster, this.domain));
  }

  async record(batch: Batch, signatures: readonly Hex[]): Promise<void> {
    await sendBatch(this.#sender, this.address, batch, signatures);
  }

  async amend(old: Batch, corrected: Batch, signatures: readonly Hex[]): Promise<void> {
    await sendCorrection(this.#sender, this.address, old, corrected, signatures);
  }

  get domain() {
    return { chainId: this.#client.chain.id, ledger: this.address };
  }
}
