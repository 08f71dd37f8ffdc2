/*
 * Community
 *   enrol
 *     not the secretary's → refused
 *     a kind missing → refused with its place; a social account that is no fund → refused with its place
 *     a payee that another account has, of this or an earlier enrolment, or any keyless address → refused, and nothing of
 *     the call is kept
 *     else numbers from 1 on, a keyless address for whoever has no wallet, an event each
 *   closeAccount
 *     unknown or closed → refused; else it meters nothing new and keeps its payee
 *   addConfiguration
 *     33rd, another community's, a second time → refused; else the next number
 *   connect: a second time → refused
 *   reading: unknown account, unknown configuration → refused
 */

import assert from "node:assert/strict";
import {
  type Address,
  concat,
  encodeAbiParameters,
  getAddress,
  keccak256,
  parseEventLogs,
  slice,
  toHex,
  zeroAddress,
  zeroHash,
} from "viem";
import { communityAbi, energyLedgerAbi } from "../../chain/abi.ts";
import { artifactOf } from "../../chain/artifacts.ts";
import { type CommunityAddresses, createCommunity } from "../../chain/deploy.ts";
import { isKeyless } from "../../settlement/keyless.ts";
import { communityCalls, enrolment } from "../support/communityCalls.ts";
import {
  deployCommunity,
  FIRST_HOUR,
  FIRST_MONTH,
  keyOf,
  openStage,
  type Stage,
  setupOf,
} from "../support/communityOnChain.ts";
import { assertRefused, itIsRestricted, itRefuses, read, send } from "../support/refusals.ts";
import { ledgerAt } from "../support/runsOnChain.ts";

describe("Community", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  const wallet = keyOf("a member's wallet").address;
  const second = keyOf("another wallet").address;
  const calls = () => communityCalls(at);

  before(async () => {
    stage = await openStage();
    at = await deployCommunity(stage);
    await send(stage, "secretary", calls().enrol([enrolment("member", wallet), enrolment("fund", zeroAddress, true)]));
  });
  after(() => stage.chain.close());

  const view = (functionName: string, ...args: readonly unknown[]) =>
    read(stage, { abi: communityAbi, address: at.community, functionName, args });

  const secretarys = ["enrol", "closeAccount"] as const;
  itIsRestricted(
    () => stage,
    [
      { allowed: "secretary", call: () => calls().enrol([]) },
      { allowed: "secretary", call: () => calls().closeAccount(1) },
    ],
    (index) => `${secretarys[index]}`,
  );
  itIsRestricted(
    () => stage,
    [
      { allowed: "council", call: () => calls().addConfiguration(ledgerAt(at, 0)) },
      { allowed: "council", call: () => calls().connect(at.token, at.redemptions) },
    ],
    (index) => ["addConfiguration", "connect"][index] ?? "",
  );

  itRefuses(
    () => stage,
    [
      {
        what: "an account without a kind",
        by: "secretary",
        call: () => calls().enrol([enrolment("member"), enrolment("none")]),
        error: "KindMissing",
        values: () => [1n],
      },
      ...(["member", "producer", "supplier"] as const).map((kind) => ({
        what: `a social ${kind}`,
        by: "secretary" as const,
        call: () => calls().enrol([enrolment(kind, zeroAddress, true)]),
        error: "SocialWithoutFund",
        values: () => [0n],
      })),
      {
        what: "a payee of an earlier account",
        by: "secretary",
        call: () => calls().enrol([enrolment("member", second), enrolment("supplier", wallet)]),
        error: "PayeeTaken",
        values: () => [wallet, 1],
      },
      {
        what: "a payee twice in one enrolment",
        by: "secretary",
        call: () => calls().enrol([enrolment("member", second), enrolment("member", second)]),
        error: "PayeeTaken",
        values: () => [second, 3],
      },
      {
        what: "the keyless address of another account as a wallet",
        by: "secretary",
        call: () => calls().enrol([enrolment("member", keylessAddress(at.community, 2))]),
        error: "KeylessWallet",
        values: () => [keylessAddress(at.community, 2)],
      },
      {
        what: "the keyless address of an account to come as a wallet, which would block that account",
        by: "secretary",
        call: () => calls().enrol([enrolment("member", keylessAddress(at.community, 9))]),
        error: "KeylessWallet",
        values: () => [keylessAddress(at.community, 9)],
      },
      {
        what: "the address of the escrow as a wallet",
        by: "secretary",
        call: () => calls().enrol([enrolment("member", at.redemptions)]),
        error: "KeylessWallet",
        values: () => [at.redemptions],
      },
      {
        what: "to be connected a second time",
        by: "council",
        call: () => calls().connect(at.treasury, at.redemptions),
        error: "AlreadyConnected",
        values: () => [at.token],
      },
      ...[0, 3].map((number) => ({
        what: `closing account ${number}, which does not exist`,
        by: "secretary" as const,
        call: () => calls().closeAccount(number),
        error: "AccountUnknown",
        values: () => [number],
      })),
      {
        what: "the same ledger again",
        by: "council",
        call: () => calls().addConfiguration(ledgerAt(at, 0)),
        error: "LedgerAlreadyAdded",
        values: () => [ledgerAt(at, 0)],
      },
    ],
  );

  it("refuses a ledger of another community: LedgerOfAnotherCommunity", async () => {
    const other = ledgerAt(await deployCommunity(stage), 0);
    await assertRefused(send(stage, "council", calls().addConfiguration(other)), "LedgerOfAnotherCommunity", [other]);
  });

  it("refuses to read what does not exist: AccountUnknown, ConfigurationUnknown", async () => {
    await assertRefused(view("account", 3), "AccountUnknown", [3]);
    await assertRefused(view("payeeOf", 0), "AccountUnknown", [0]);
    await assertRefused(view("ledgerOf", 1), "ConfigurationUnknown", [1]);
  });

  it("numbers accounts from 1, says so, and keeps nothing of a refused enrolment", async () => {
    const own = await deployCommunity(stage);
    const enrol = communityCalls(own).enrol;
    await assertRefused(
      send(stage, "secretary", enrol([enrolment("member", wallet), enrolment("none")])),
      "KindMissing",
      [1n],
    );
    const kinds = ["member", "fund", "producer", "supplier"] as const;
    const receipt = await send(stage, "secretary", enrol(kinds.map((kind) => enrolment(kind))));
    const events = parseEventLogs({ abi: communityAbi, eventName: "AccountEnrolled", logs: receipt.logs });
    assert.deepEqual(
      events.map(({ args }) => args),
      kinds.map((_, i) => ({ number: i + 1, kind: i + 1, social: false, payee: keylessAddress(own.community, i + 1) })),
    );
    const more = await send(stage, "secretary", enrol([enrolment("fund", wallet, true)]));
    const [fifth] = parseEventLogs({ abi: communityAbi, eventName: "AccountEnrolled", logs: more.logs });
    assert.deepEqual(fifth?.args, { number: 5, kind: 2, social: true, payee: wallet });
  });

  it("derives a keyless address from the community and the number, so that no two are alike", async () => {
    const addresses = await Promise.all([1, 2, 3, 0xffffff].map((number) => view("keylessAddress", number)));
    assert.deepEqual(
      addresses,
      [1, 2, 3, 0xffffff].map((number) => keylessAddress(at.community, number)),
    );
    assert.equal(await view("payeeOf", 2), keylessAddress(at.community, 2));
    assert.equal(await view("payeeOf", 1), wallet);
    assert.deepEqual([...addresses, wallet].map(isKeyless), [true, true, true, true, false]);
  });

  it("lets open members and producers meter, and nobody else", async () => {
    const own = await deployCommunity(stage);
    const { enrol, closeAccount } = communityCalls(own);
    const kinds = ["member", "fund", "producer", "supplier", "member", "producer"] as const;
    await send(stage, "secretary", enrol(kinds.map((kind) => enrolment(kind))));
    for (const number of [5, 6]) {
      const receipt = await send(stage, "secretary", closeAccount(number));
      const [closed] = parseEventLogs({ abi: communityAbi, eventName: "AccountClosed", logs: receipt.logs });
      assert.deepEqual(closed?.args, { number });
    }
    const canMeter = await Promise.all(
      [0, 1, 2, 3, 4, 5, 6, 7].map((number) =>
        stage.client.readContract({
          abi: communityAbi,
          address: own.community,
          functionName: "canMeter",
          args: [number],
        }),
      ),
    );
    assert.deepEqual(canMeter, [false, true, false, true, false, false, false, false]);
    await assertRefused(send(stage, "secretary", closeAccount(5)), "AccountAlreadyClosed", [5]);
    const account = await stage.client.readContract({
      abi: communityAbi,
      address: own.community,
      functionName: "account",
      args: [5],
    });
    assert.deepEqual(account, { kind: 1, closed: true, social: false, payee: keylessAddress(own.community, 5) });
  });

  it("takes 32 configurations, in order, and refuses the 33rd: TooManyConfigurations", async () => {
    const configuration = (index: number) => ({
      area: `AREA-${index}`,
      firstHour: FIRST_HOUR,
      firstMonth: FIRST_MONTH,
      oracles: [stage.people.oracle.address],
      quorum: 1,
    });
    const full = await createCommunity(
      stage.people.creator,
      stage.factory,
      setupOf(stage),
      Array.from({ length: 32 }, (_, index) => configuration(index)),
    );
    const count = await stage.client.readContract({
      abi: communityAbi,
      address: full.community,
      functionName: "configurationCount",
    });
    assert.equal(count, 32);
    for (const number of [0, 31]) {
      const ledger = await stage.client.readContract({
        abi: communityAbi,
        address: full.community,
        functionName: "ledgerOf",
        args: [number],
      });
      assert.equal(ledger, ledgerAt(full, number));
      const community = await stage.client.readContract({
        abi: energyLedgerAbi,
        address: ledger,
        functionName: "community",
      });
      assert.equal(community, full.community);
    }
    await assertRefused(
      send(stage, "council", communityCalls(full).addConfiguration(ledgerAt(full, 0))),
      "TooManyConfigurations",
      [32n],
    );
  });

  it("says which area a configuration is, when the council adds one later", async () => {
    const rosterRules = await stage.client.readContract({
      abi: energyLedgerAbi,
      address: ledgerAt(at, 0),
      functionName: "rosterRules",
    });
    const ledgerArguments = encodeAbiParameters(
      [
        { type: "address" },
        { type: "address" },
        { type: "address" },
        { type: "uint32" },
        { type: "uint16" },
        { type: "address[]" },
        { type: "uint8" },
        { type: "bool" },
      ],
      [at.roles, at.community, rosterRules, FIRST_HOUR, FIRST_MONTH, [stage.people.oracle.address], 1, false],
    );
    const ledger = await stage.people.creator.deploy(
      "EnergyLedger",
      `${artifactOf("EnergyLedger").bytecode}${ledgerArguments.slice(2)}`,
    );
    const receipt = await send(stage, "council", calls().addConfiguration(ledger, zeroHash));
    const [added] = parseEventLogs({ abi: communityAbi, eventName: "ConfigurationAdded", logs: receipt.logs });
    assert.deepEqual(added?.args, { configuration: 1, ledger: added?.args.ledger, area: zeroHash });
    assert.equal(added?.args.ledger.toLowerCase(), ledger.toLowerCase());
  });
});

function keylessAddress(community: Address, number: number): Address {
  const preimage = encodeAbiParameters(
    [{ type: "string" }, { type: "address" }, { type: "uint24" }],
    ["condivisa account", community, number],
  );
  const mark = slice(keccak256(toHex("condivisa keyless address")), 0, 8);
  return getAddress(concat([mark, slice(keccak256(preimage), 20)]));
}
