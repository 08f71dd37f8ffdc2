/** Rosters of any bytes, proposed and adopted on the chain. */

import assert from "node:assert/strict";
import { type Address, type Hex, parseEventLogs } from "viem";
import { energyLedgerAbi } from "../../chain/abi.ts";
import { ledgerCalls } from "./communityCalls.ts";
import type { Stage } from "./communityOnChain.ts";
import { encodeRaw, type RawRoster, rawChannel, rawPlant } from "./rawRoster.ts";
import { send } from "./refusals.ts";

/** Accounts: 1 and 2 members, 3 a fund, 4 a producer, 5 a supplier, 6 a closed member. */
export const KINDS = ["member", "member", "fund", "producer", "supplier", "member"] as const;
export const NONE: RawRoster = { injection: [], withdrawal: [], plants: [] };

/** Injection channels 1 and 3 (plants 1 and 2), withdrawal channels 2, 4 and 5. */
export const BASE: RawRoster = {
  injection: [rawChannel(1), rawChannel(3, { account: 4, class: 2 })],
  withdrawal: [rawChannel(2), rawChannel(4, { account: 2, class: 3 }), rawChannel(5, { exempt: 1 })],
  plants: [rawPlant(1, 0), rawPlant(2, 1, { commissioned: 18_500 })],
};

export async function proposeRaw(stage: Stage, ledger: Address, hour: number, roster: RawRoster | Hex) {
  const blob = typeof roster === "string" ? roster : encodeRaw(roster);
  const receipt = await send(stage, "secretary", ledgerCalls(ledger).proposeRoster(hour, blob));
  const [event] = parseEventLogs({ abi: energyLedgerAbi, eventName: "RosterProposed", logs: receipt.logs });
  assert(event);
  return event.args;
}

export async function adoptRaw(stage: Stage, ledger: Address, hour: number, roster: RawRoster) {
  const { version, pointer } = await proposeRaw(stage, ledger, hour, roster);
  return send(stage, "president", ledgerCalls(ledger).adoptRoster(version, pointer));
}
