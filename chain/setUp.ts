/** What the secretary proposes and the president adopts: accounts, rosters, rule sets. */

import { type Address, parseEventLogs, zeroAddress } from "viem";
import { ACCOUNT_KINDS, type AccountKind } from "../settlement/history.ts";
import type { Hour } from "../settlement/hours.ts";
import { encodeRoster, type Roster } from "../settlement/roster.ts";
import { encodeRuleSet, type RuleSet } from "../settlement/rules.ts";
import { communityAbi, energyLedgerAbi, ruleBookAbi } from "./abi.ts";
import type { Sender } from "./send.ts";

export type Enrolment = {
  readonly kind: AccountKind;
  readonly social: boolean;
  /** Undefined for a payee without a wallet. */
  readonly wallet: Address | undefined;
};

/** An enrolment takes two storage slots and an event: so many stay far below the gas of one transaction. */
const ENROLMENTS_AT_ONCE = 100;

/** Enrols accounts under the next numbers. */
export async function enrol(secretary: Sender, community: Address, enrolments: readonly Enrolment[]): Promise<void> {
  for (let first = 0; first < enrolments.length; first += ENROLMENTS_AT_ONCE) {
    const chunk = enrolments.slice(first, first + ENROLMENTS_AT_ONCE).map(({ kind, social, wallet }) => ({
      kind: ACCOUNT_KINDS.indexOf(kind),
      social,
      payee: wallet ?? zeroAddress,
    }));
    await secretary.send({ abi: communityAbi, address: community, functionName: "enrol", args: [chunk] });
  }
}

/** Closes an account: it gets no meters any more, but goes on receiving and redeeming. */
export async function closeAccount(secretary: Sender, community: Address, account: number): Promise<void> {
  await secretary.send({ abi: communityAbi, address: community, functionName: "closeAccount", args: [account] });
}

/** Puts the next roster version of a ledger in force from an hour on. */
export async function adoptRoster(
  secretary: Sender,
  president: Sender,
  ledger: Address,
  effectiveHour: Hour,
  roster: Roster,
): Promise<void> {
  const call = { abi: energyLedgerAbi, address: ledger } as const;
  const args = [effectiveHour, encodeRoster(roster)] as const;
  const proposed = await secretary.send({ ...call, functionName: "proposeRoster", args });
  const [event] = parseEventLogs({ abi: energyLedgerAbi, eventName: "RosterProposed", logs: proposed.logs });
  if (event === undefined) throw new Error("proposing the roster: the ledger did not say where it is");
  const { version, pointer } = event.args;
  await president.send({ ...call, functionName: "adoptRoster", args: [version, pointer] });
}

/** Puts the next rule set in force. */
export async function adoptRuleSet(
  secretary: Sender,
  president: Sender,
  ruleBook: Address,
  ruleSet: RuleSet,
): Promise<void> {
  const call = { abi: ruleBookAbi, address: ruleBook } as const;
  const proposed = await secretary.send({ ...call, functionName: "propose", args: [encodeRuleSet(ruleSet)] });
  const [event] = parseEventLogs({ abi: ruleBookAbi, eventName: "RuleSetProposed", logs: proposed.logs });
  if (event === undefined) throw new Error("proposing the rule set: the rule book did not say which it is");
  const { version, ruleSetHash } = event.args;
  await president.send({ ...call, functionName: "adopt", args: [version, ruleSetHash] });
}
