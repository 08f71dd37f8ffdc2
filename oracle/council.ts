/**
 * How the oracles of a ledger come to sign the same batch. One proposes what it knows; the others sign it if it is what they know;
 * the next one proposes when nobody did. Every oracle signs whatever it can stand behind: which batch counts the ledger decides, as it
 * takes only one for each hour.
 */

import type { Address, Hex } from "viem";
import type { Batch } from "../settlement/batch.ts";
import { GRADES } from "../settlement/grade.ts";
import { formatHour } from "../settlement/hours.ts";
import type { RosterVersion } from "../settlement/keys.ts";
import { comparable, contradict, disagreements, type Tolerance } from "./agreement.ts";
import type { ReadingOf } from "./dayBatches.ts";
import type { LedgerAccess } from "./ledgerAccess.ts";
import type { Outbox } from "./outbox.ts";
import type { SourcedBatch } from "./provenance.ts";
import { SignerError } from "./signers.ts";
import { agreedOf, proposerOf, type Vote, type Voted, verifyVote } from "./votes.ts";

export type CouncilSettings = {
  readonly tolerance: Tolerance;
  /** Seconds after which a silent proposer is followed by the next. */
  readonly turn: number;
};

/** Another oracle that says what cannot be. */
export type Suspicion = {
  readonly kind: "oracle-disagrees" | "oracle-equivocates";
  readonly signer: Address;
  readonly text: string;
};

export type Agreed = { readonly batch: Batch; readonly signatures: readonly Hex[] };

const MOST_ARRIVED = 1000;
/** Of one oracle on the same hours and revision. */
const MOST_VOTES = 16;

export class Council {
  readonly #ledger: LedgerAccess;
  readonly #outbox: Outbox;
  readonly #settings: CouncilSettings;
  readonly #publish: (vote: Vote) => void;
  readonly #suspect: (suspicion: Suspicion) => void;
  readonly #now: () => number;
  /** Votes that came and were not looked at yet. */
  #arrived: Vote[] = [];
  /** By hours and revision: since when a batch is wanted, and when this oracle last spoke. */
  readonly #wanted = new Map<string, { since: number; spoke: number }>();

  /** @param now in seconds; of the wall, for turns are taken in real time */
  constructor(
    ledger: LedgerAccess,
    outbox: Outbox,
    settings: CouncilSettings,
    publish: (vote: Vote) => void,
    suspect: (suspicion: Suspicion) => void,
    now: () => number = () => Date.now() / 1000,
  ) {
    this.#ledger = ledger;
    this.#outbox = outbox;
    this.#settings = settings;
    this.#publish = publish;
    this.#suspect = suspect;
    this.#now = now;
  }

  /** A vote that somebody sent; looked at when there is time. Of very many the last ones are: all are sent again. */
  receive(vote: Vote): void {
    this.#arrived.push(vote);
    if (this.#arrived.length > MOST_ARRIVED) this.#arrived.shift();
  }

  /**
   * Tries to have a batch signed.
   * @param own what this oracle would record, and where that comes from: its opinion on what others propose
   * @param known what it knows of each reading
   * @returns a batch that enough oracles signed, or undefined: not yet
   */
  async agree(own: SourcedBatch, known: ReadingOf, versions: readonly RosterVersion[]): Promise<Agreed | undefined> {
    const { oracles, quorum } = await this.#ledger.oracles();
    if (quorum === 1) {
      this.#arrived = [];
      const batch = this.#outbox.freeze(this.#ledger.address, own);
      return { batch, signatures: [await this.#sign(batch, versions)] };
    }
    await this.#lookAtArrived(versions, oracles);
    const { firstHour, revision } = own.batch;
    const all = () => this.#outbox.votes(this.#ledger.address, firstHour, revision);
    const votes = () => all().filter(({ batch }) => comparable(batch, own.batch));
    const isMine = ({ signer }: Voted) => signer === this.#ledger.signer;
    for (const proposal of distinct(all())) {
      // What was voted on before another roster was adopted can no longer be recorded.
      if (proposal.batch.rosterVersion < own.batch.rosterVersion) continue;
      if (all().some((vote) => isMine(vote) && vote.digest === proposal.digest)) continue;
      if (!this.#standsBehind(proposal, own.batch, known, versions)) continue;
      const vote = await this.#voteOn(proposal.batch, versions, oracles);
      this.#outbox.keepConsent(this.#ledger.address, vote, own.provenance);
      this.#publish({ batch: vote.batch, signature: vote.signature });
    }
    const agreed = agreedOf(votes(), quorum);
    if (agreed !== undefined) return agreed;

    const key = `${firstHour} ${revision}`;
    const wanted = this.#wanted.get(key) ?? { since: this.#now(), spoke: this.#now() };
    this.#wanted.set(key, wanted);
    const attempt = Math.floor((this.#now() - wanted.since) / this.#settings.turn);
    const mine = votes().filter(isMine);
    if (mine.length === 0 && proposerOf(oracles, firstHour, attempt) === this.#ledger.signer) {
      const vote = await this.#voteOn(this.#outbox.freeze(this.#ledger.address, own), versions, oracles);
      this.#outbox.keepVote(this.#ledger.address, vote);
      this.#publish({ batch: vote.batch, signature: vote.signature });
    } else if (mine.length > 0 && this.#now() - wanted.spoke > this.#settings.turn) {
      // Somebody may have come after it was said.
      for (const vote of mine) this.#publish({ batch: vote.batch, signature: vote.signature });
      wanted.spoke = this.#now();
    }
    return agreedOf(votes(), quorum);
  }

  async #lookAtArrived(versions: readonly RosterVersion[], oracles: readonly Address[]): Promise<void> {
    for (const vote of this.#arrived.splice(0)) {
      const voted = await verifyVote(vote, versions, oracles, this.#ledger.domain);
      if (voted === undefined || this.#hasSaidEnough(voted) || !this.#outbox.keepVote(this.#ledger.address, voted))
        continue;
      this.#checkEquivocation(voted, versions);
    }
  }

  /** Who signs batch after batch for the same hours is named by then, and shall not fill the disk. */
  #hasSaidEnough({ batch, signer }: Voted): boolean {
    const votes = this.#outbox.votes(this.#ledger.address, batch.firstHour, batch.revision);
    return votes.filter((vote) => vote.signer === signer).length >= MOST_VOTES;
  }

  /** Two batches for the same hours that cannot both be near the truth, signed by one. */
  #checkEquivocation({ batch, signer, digest }: Voted, versions: readonly RosterVersion[]): void {
    const roster = versions[batch.rosterVersion - 1]?.roster;
    const others = this.#outbox
      .votes(this.#ledger.address, batch.firstHour, batch.revision)
      .filter((vote) => vote.signer === signer && vote.digest !== digest)
      .filter((vote) => vote.batch.rosterVersion === batch.rosterVersion);
    const other = others.find(
      (vote) => roster !== undefined && contradict(vote.batch, batch, roster, this.#settings.tolerance),
    );
    if (other === undefined) return;
    const text = `${signer} signed two batches for ${formatHour(batch.firstHour)}: ${other.digest} and ${digest}`;
    this.#suspect({ kind: "oracle-equivocates", signer, text });
  }

  #standsBehind({ batch, signer }: Voted, own: Batch, known: ReadingOf, versions: readonly RosterVersion[]): boolean {
    const roster = versions[batch.rosterVersion - 1]?.roster;
    const isComparable = roster !== undefined && comparable(batch, own);
    const wrong = isComparable ? disagreements(batch, roster, known, this.#settings.tolerance) : [];
    const [first] = wrong;
    const reasons = [
      ...(isComparable ? [] : ["other hours, another roster or another batch to replace"]),
      ...(GRADES.indexOf(batch.grade) > GRADES.indexOf(own.grade) ? [`grade ${batch.grade}, here ${own.grade}`] : []),
      ...(JSON.stringify([batch.priceMask, batch.prices]) === JSON.stringify([own.priceMask, own.prices])
        ? []
        : ["other prices"]),
      ...(first === undefined
        ? []
        : [
            `${wrong.length} readings, the first of channel ${first.channel} at ${formatHour(first.hour)}: ` +
              `${first.theirs ?? "missing"} Wh, here ${first.own} Wh`,
          ]),
    ];
    if (reasons.length === 0) return true;
    const text = `${signer} proposes for ${formatHour(batch.firstHour)} what is known otherwise: ${reasons.join("; ")}`;
    this.#suspect({ kind: "oracle-disagrees", signer, text });
    return false;
  }

  /** This oracle's vote. Throws SignerError if the key is none of an oracle of the ledger. */
  async #voteOn(batch: Batch, versions: readonly RosterVersion[], oracles: readonly Address[]): Promise<Voted> {
    const signature = await this.#sign(batch, versions);
    const voted = await verifyVote({ batch, signature }, versions, oracles, this.#ledger.domain);
    if (voted?.signer === this.#ledger.signer) return voted;
    throw new SignerError(
      `${this.#ledger.signer} is no oracle of ${this.#ledger.address}, or its signer signs with another key`,
    );
  }

  async #sign(batch: Batch, versions: readonly RosterVersion[]): Promise<Hex> {
    const roster = versions[batch.rosterVersion - 1]?.roster;
    if (roster === undefined) throw new RangeError(`no roster version ${batch.rosterVersion}`);
    return this.#ledger.sign(batch, roster);
  }
}

/** The first vote on each batch: who it names proposed it. */
function distinct(votes: readonly Voted[]): Voted[] {
  return [...new Map(votes.toReversed().map((vote) => [vote.digest, vote])).values()].toReversed();
}
