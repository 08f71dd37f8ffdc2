/** Reads a chain's blocks as rows of the index: what of them concerns the communities, checked and tallied. Writes nothing. */

import type { Address, Hex } from "viem";
import { type Artifact, artifactOf, withoutImmutables } from "../../chain/artifacts.ts";
import type { Block, Header, RawLog } from "../../chain/blockAnswers.ts";
import { type BlockSource, InconsistentBlocksError, type Stretch } from "../../chain/blocks.ts";
import { type AdoptedRoster, adoptedRoster } from "../../settlement/recomputeLedger.ts";
import { type AdoptedPointer, contractsMade, type KeptEvent, keptBatch, positionOf, sortLogs } from "./applyBlock.ts";
import { batchFindings } from "./batchFindings.ts";
import { type BatchRow, batchRow } from "./batchRow.ts";
import type { BlocksAhead } from "./blocksAhead.ts";
import { ARTIFACTS, type Contract, type ContractKind } from "./contracts.ts";

export type Finding = { readonly subject: string; readonly chain: string; readonly recomputed: string };

export type KeptRoster = AdoptedPointer & { readonly blob: Hex };

/** A block's rows. */
export type BlockRows = {
  readonly header: Header;
  readonly contracts: readonly (Contract & { readonly isForeign: boolean })[];
  readonly events: readonly KeptEvent[];
  readonly rosters: readonly KeptRoster[];
  readonly batches: readonly BatchRow[];
  readonly findings: readonly (Finding & { readonly position: number; readonly community: number })[];
};

/** What an index has of the blocks before those that are read. */
export type Known = {
  /** The newest of them. */
  readonly head: Pick<Header, "number" | "hash"> | undefined;
  readonly contracts: readonly Contract[];
  /** Of each ledger its roster versions, in the order of their adoption. */
  readonly rosters: ReadonlyMap<Address, readonly AdoptedRoster[]>;
};

/** Whose communities are followed. */
export type FollowedChain = { readonly chainId: number; readonly factory: Address };

export class RowReader {
  readonly #source: BlockSource;
  readonly #followed: FollowedChain;
  readonly #contracts: Map<Address, Contract>;
  readonly #versions: Map<Address, AdoptedRoster[]>;
  readonly #compiled = new Map<ContractKind, Artifact>();
  readonly #ahead: BlocksAhead;
  #last: Known["head"];

  /** @param ahead of the same source: it has learnt what the node can hand over */
  constructor(source: BlockSource, ahead: BlocksAhead, followed: FollowedChain, { head, contracts, rosters }: Known) {
    this.#source = source;
    this.#ahead = ahead;
    this.#followed = followed;
    this.#contracts = new Map(contracts.map((contract) => [contract.address, contract]));
    this.#versions = new Map([...rosters].map(([ledger, versions]) => [ledger, [...versions]]));
    this.#last = head;
  }

  /**
   * The rows of the blocks that come next, stretch by stretch, up to the head or to where the node has no more. Whoever reads on
   * after an error reads with another reader.
   * @throws InconsistentBlocksError if the chain changed meanwhile, or the node is several nodes of which some are behind
   */
  async *upTo(head: number): AsyncGenerator<readonly BlockRows[]> {
    const first = (this.#last?.number ?? -1) + 1;
    for await (const stretch of this.#ahead.upTo(head, first)) yield await this.#rowsOf(stretch);
  }

  /** Whatever code is needed for them is asked for at once: one by one it would be waited for as long as all else takes. */
  async #rowsOf({ parentHash, blocks }: Stretch): Promise<BlockRows[]> {
    if (this.#last !== undefined && this.#last.hash !== parentHash) {
      throw new InconsistentBlocksError(`what follows block ${this.#last.number} does not follow the one that is kept`);
    }
    const sorted = blocks.map((block) => this.#sort(block));
    const rows = await Promise.all(
      sorted.map(async ({ block, made, logs }) => {
        const [contracts, rosters] = await Promise.all([
          Promise.all(made.map(async (contract) => ({ ...contract, isForeign: await this.#isForeign(contract) }))),
          Promise.all(logs.rosters.map((roster) => this.#withBlob(roster))),
        ]);
        return { block, logs, contracts, rosters };
      }),
    );
    if (rows.some(({ contracts, rosters }) => contracts.length + rosters.length > 0)) await this.#checkStands();
    return rows.map(({ block, logs, contracts, rosters }) => {
      const { transactions, logs: _, ...header } = block;
      return { header, contracts, events: logs.events, rosters, ...this.#tallied(block, logs.batches, rosters) };
    });
  }

  #sort(block: Block) {
    this.#last = { number: block.number, hash: block.hash };
    const made = contractsMade(block, this.#followed.factory, (community) => this.#ledgersOf(community));
    for (const contract of made) this.#contracts.set(contract.address, contract);
    return { block, made, logs: sortLogs(block, (address) => this.#contracts.get(address)) };
  }

  /** The batches of a block, and where the chain says something else of them. Adopts its rosters. */
  #tallied(
    block: Block,
    batches: readonly RawLog[],
    rosters: readonly KeptRoster[],
  ): Pick<BlockRows, "batches" | "findings"> {
    const kept: BatchRow[] = [];
    const findings: BlockRows["findings"][number][] = [];
    for (const log of batches) {
      const contract = this.#contracts.get(log.address);
      if (contract === undefined) continue;
      // A roster adopted in the same block counts for the batches that come after it.
      const adopted = rosters.filter((roster) => roster.contract === contract && roster.position < positionOf(log));
      const versions = [
        ...(this.#versions.get(contract.address) ?? []),
        ...adopted.map((roster) => adoptedRoster(roster, roster.position)),
      ];
      const batch = keptBatch(log, block, contract, versions, this.#followed.chainId);
      if (batch === undefined) continue;
      const { position } = batch;
      findings.push(...batchFindings(batch).map((each) => ({ ...each, position, community: contract.community })));
      kept.push(batchRow(batch));
    }
    for (const roster of rosters) this.#adopt(roster);
    return { batches: kept, findings };
  }

  #ledgersOf(of: number): number {
    return this.#contracts
      .values()
      .filter(({ community, kind }) => community === of && kind === "ledger")
      .toArray().length;
  }

  #adopt(roster: KeptRoster): void {
    const ledger = roster.contract.address;
    const versions = this.#versions.get(ledger) ?? [];
    versions.push(adoptedRoster(roster, roster.position));
    this.#versions.set(ledger, versions);
  }

  /** Code is read as it is now: another branch may have other code at the same address. */
  async #checkStands(): Promise<void> {
    const last = this.#last;
    if (last === undefined || (await this.#source.header(last.number))?.hash === last.hash) return;
    throw new InconsistentBlocksError(`block ${last.number} is another one after its contracts were looked at`);
  }

  async #isForeign({ address, kind }: Contract): Promise<boolean> {
    const artifact = this.#compiled.get(kind) ?? artifactOf(ARTIFACTS[kind]);
    this.#compiled.set(kind, artifact);
    const code = await this.#codeAt(address);
    return withoutImmutables(code, artifact) !== withoutImmutables(artifact.deployedBytecode, artifact);
  }

  async #withBlob(roster: AdoptedPointer): Promise<KeptRoster> {
    const code = await this.#codeAt(roster.pointer);
    return { ...roster, blob: `0x${code.slice(4)}` };
  }

  /** Of a contract that a block made. */
  async #codeAt(address: Address): Promise<Hex> {
    const code = await this.#source.code(address);
    if (code === "0x") throw new InconsistentBlocksError(`the node does not have the contract at ${address} yet`);
    return code;
  }
}
