import assert from "node:assert/strict";
import { parseEventLogs } from "viem";
import { energyLedgerAbi } from "../../chain/abi.ts";
import { tallyBatch } from "../../settlement/tally.ts";
import {
  adoptRoster,
  batchOf,
  deployCommunity,
  enrol,
  FIRST_HOUR,
  openStage,
  record,
  smallRoster,
} from "../support/communityOnChain.ts";

describe("a batch on the embedded chain", () => {
  it("is tallied by the ledger as by settlement/", async () => {
    const stage = await openStage();
    const at = await deployCommunity(stage);
    await enrol(stage, at, 5);
    const roster = smallRoster(5);
    const [ledger] = at.ledgers;
    assert(ledger);
    await adoptRoster(stage, ledger, FIRST_HOUR, roster);
    const batch = batchOf(roster, FIRST_HOUR, 24);
    const receipt = await record(stage, ledger, batch, roster);
    const [event] = parseEventLogs({ abi: energyLedgerAbi, eventName: "BatchRecorded", logs: receipt.logs });
    assert.equal(event?.args.accrued, tallyBatch(batch, roster).accrued);
    await stage.chain.close();
  });
});
