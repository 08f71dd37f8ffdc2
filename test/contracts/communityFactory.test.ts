/*
 * CommunityFactory
 *   create: no council → refused; a part that does not deploy → refused with its number; else every part knows the others
 *   addLedger, handOver: not the creator's; once handed over → refused; handOver without a ledger → refused
 *   after handOver the council is admin, with its delay, and the factory has no role left
 *   every function has the role that the design gives it
 */

import assert from "node:assert/strict";
import {
  type Address,
  concat,
  encodeAbiParameters,
  type Hex,
  parseEventLogs,
  stringToHex,
  toFunctionSelector,
  zeroAddress,
} from "viem";
import {
  communityAbi,
  communityFactoryAbi,
  communityRolesAbi,
  energyLedgerAbi,
  receiptBookAbi,
  ruleBookAbi,
  treasuryAbi,
} from "../../chain/abi.ts";
import { artifactOf } from "../../chain/artifacts.ts";
import { createCommunity, dataContract } from "../../chain/deploy.ts";
import { rolesCalls } from "../support/communityCalls.ts";
import {
  deployCommunity,
  FIRST_HOUR,
  FIRST_MONTH,
  OBJECTION_SECONDS,
  openStage,
  ROLES,
  type Stage,
  setupOf,
} from "../support/communityOnChain.ts";
import { assertRefused, read, send } from "../support/refusals.ts";

const PARTS = ["roles", "community", "rule book", "receipt book", "treasury", "redemptions", "ledger"];

describe("CommunityFactory", () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage.chain.close());

  const call = (factory = stage.factory) => ({ abi: communityFactoryAbi, address: factory }) as const;
  const create = (change = {}, factory = stage.factory) =>
    ({ ...call(factory), functionName: "create", args: [{ ...setupOf(stage), ...change }] }) as const;
  const configuration = () => ({
    area: stringToHex("AC001E00123", { size: 32 }),
    firstHour: FIRST_HOUR,
    firstMonth: FIRST_MONTH,
    oracles: [stage.people.oracle.address],
    quorum: 1,
  });
  const addLedger = (number: number, factory = stage.factory) =>
    ({ ...call(factory), functionName: "addLedger", args: [number, configuration()] }) as const;
  const addTreasury = (number: number, factory = stage.factory) =>
    ({ ...call(factory), functionName: "addTreasury", args: [number] }) as const;
  const handOver = (number: number) => ({ ...call(), functionName: "handOver", args: [number] }) as const;
  const count = async () => Number(await read(stage, { ...call(), functionName: "communityCount", args: [] }));

  it("refuses a community without a council: CouncilMissing", () =>
    assertRefused(send(stage, "creator", create({ council: zeroAddress })), "CouncilMissing", []));

  it("refuses a time for objections beyond a year: ObjectionTooLong", async () => {
    const year = 365 * 86_400;
    const tooLong = create({ objectionSeconds: year + 1 });
    await assertRefused(send(stage, "creator", tooLong), "ObjectionTooLong", [year + 1, year]);
    await send(stage, "creator", create({ objectionSeconds: year }));
    await send(stage, "creator", addTreasury(await count()));
  });

  it("deploys parts that know each other, for anyone who asks", async () => {
    const receipt = await send(stage, "stranger", create());
    const number = await count();
    const [created] = parseEventLogs({ abi: communityFactoryAbi, eventName: "CommunityCreated", logs: receipt.logs });
    assert(created);
    assert.equal(created.args.number, number);
    const completed = await send(stage, "stranger", addTreasury(number));
    const [added] = parseEventLogs({ abi: communityFactoryAbi, eventName: "TreasuryAdded", logs: completed.logs });
    assert(added);
    const { treasury, token, redemptions } = added.args;
    assert.equal(created.args.deployment.treasury, zeroAddress);
    const made = { ...created.args.deployment, treasury, token, redemptions };
    assert.deepEqual(await read(stage, { ...call(), functionName: "deployment", args: [number] }), made);
    assert.deepEqual([made.creator, made.handedOver], [stage.people.stranger.address, false]);
    const view = (abi: typeof treasuryAbi | typeof ruleBookAbi, address: Address, functionName: string) =>
      read(stage, { abi, address, functionName, args: [] });
    assert.equal(await view(ruleBookAbi, made.ruleBook, "community"), made.community);
    assert.equal(await view(treasuryAbi, made.treasury, "community"), made.community);
    assert.equal(await view(treasuryAbi, made.treasury, "ruleBook"), made.ruleBook);
    assert.equal(await view(treasuryAbi, made.treasury, "receiptBook"), made.receiptBook);
    assert.equal(await view(treasuryAbi, made.treasury, "token"), made.token);
    assert.equal(await view(treasuryAbi, made.treasury, "objectionSeconds"), OBJECTION_SECONDS);
    for (const part of [made.community, made.ruleBook, made.receiptBook, made.treasury, made.redemptions]) {
      assert.equal(await view(treasuryAbi, part, "authority"), made.roles);
    }
  });

  it("lets only the creator go on, until it has handed over: NotCreator, NoLedgerYet, NoTreasuryYet, AlreadyHandedOver", async () => {
    await send(stage, "creator", create());
    const number = await count();
    for (const role of ROLES.filter((name) => name !== "creator")) {
      const { address } = stage.people[role];
      await assertRefused(send(stage, role, addTreasury(number)), "NotCreator", [address]);
      await assertRefused(send(stage, role, addLedger(number)), "NotCreator", [address]);
      await assertRefused(send(stage, role, handOver(number)), "NotCreator", [address]);
    }
    await assertRefused(send(stage, "creator", handOver(number)), "NoLedgerYet", [number]);
    await assertRefused(send(stage, "creator", addLedger(number + 1)), "NotCreator", [stage.people.creator.address]);
    const added = await send(stage, "creator", addLedger(number));
    const [ledger] = parseEventLogs({ abi: communityFactoryAbi, eventName: "LedgerAdded", logs: added.logs });
    assert(ledger);
    assert.deepEqual(ledger.args, { number, ledger: ledger.args.ledger, area: configuration().area });
    assert.equal(
      await read(stage, { abi: energyLedgerAbi, address: ledger.args.ledger, functionName: "nextHour", args: [] }),
      FIRST_HOUR,
    );
    await assertRefused(send(stage, "creator", handOver(number)), "NoTreasuryYet", [number]);
    await send(stage, "creator", addTreasury(number));
    await assertRefused(send(stage, "creator", addTreasury(number)), "TreasuryAlreadyAdded", [number]);
    const handed = await send(stage, "creator", handOver(number));
    const [handedOver] = parseEventLogs({ abi: communityFactoryAbi, eventName: "HandedOver", logs: handed.logs });
    assert.deepEqual(handedOver?.args, { number, council: stage.people.council.address });
    await assertRefused(send(stage, "creator", addLedger(number)), "AlreadyHandedOver", [number]);
    await assertRefused(send(stage, "creator", handOver(number)), "AlreadyHandedOver", [number]);
  });

  it("leaves the admin role to the council alone, with its delay", async () => {
    const setup = { ...setupOf(stage), adminSeconds: 86_400 };
    const at = await createCommunity(stage.people.creator, stage.factory, setup, [{ ...configuration(), area: "A" }]);
    const access = (account: Address) =>
      read(stage, { abi: communityRolesAbi, address: at.roles, functionName: "hasRole", args: [0n, account] });
    assert.deepEqual(await access(stage.factory), [false, 0]);
    assert.deepEqual(await access(stage.people.creator.address), [false, 0]);
    assert.deepEqual(await access(stage.people.council.address), [true, 86_400]);
    // With a delay an act must be scheduled first: nothing of the council's is immediate.
    const grant = rolesCalls(at).grantRole(1n, stage.people.stranger.address);
    await assert.rejects(send(stage, "council", grant), { errorName: "AccessManagerNotScheduled" });
  });

  it("gives every function its role", async () => {
    const at = await deployCommunity(stage);
    const [ledger] = at.ledgers;
    assert(ledger);
    const [admin, secretary, treasurer, president, auditor] = [0n, 1n, 2n, 3n, 4n];
    const expected = new Map<Address, Record<string, bigint>>([
      [at.community, { enrol: secretary, closeAccount: secretary, addConfiguration: admin, setAuthority: admin }],
      [at.ruleBook, { propose: secretary, adopt: president }],
      [at.receiptBook, { bookReceipt: treasurer, adjustYear: treasurer }],
      [
        ledger,
        {
          proposeRoster: secretary,
          adoptRoster: president,
          setOracles: admin,
          pause: auditor,
          unpause: president,
          record: admin,
        },
      ],
      [
        at.treasury,
        {
          proposeWriteOff: treasurer,
          approveWriteOff: president,
          open: treasurer,
          weigh: treasurer,
          apportion: treasurer,
          propose: treasurer,
          pay: treasurer,
          approve: president,
          unpause: president,
          object: auditor,
          withdrawObjection: auditor,
          pause: auditor,
          drop: admin,
        },
      ],
    ]);
    const functions = [...communityAbi, ...ruleBookAbi, ...receiptBookAbi, ...energyLedgerAbi, ...treasuryAbi].filter(
      (item) => item.type === "function",
    );
    for (const [target, roles] of expected) {
      for (const [name, role] of Object.entries(roles)) {
        const abis = target === at.ruleBook ? ruleBookAbi : target === at.treasury ? treasuryAbi : functions;
        const item = abis.find((entry) => entry.type === "function" && entry.name === name);
        assert(item?.type === "function", name);
        const selector = toFunctionSelector(item);
        const args = [target, selector];
        const given = await read(stage, {
          abi: communityRolesAbi,
          address: at.roles,
          functionName: "getTargetFunctionRole",
          args,
        });
        assert.equal(given, role, `${name} of ${target}`);
      }
    }
  });

  for (const [part, name] of PARTS.entries()) {
    it(`says when the ${name} cannot be deployed: DeploymentFailed`, async () => {
      const names = [
        "CommunityRoles",
        "Community",
        "RuleBook",
        "ReceiptBook",
        "Treasury",
        "Redemptions",
        "EnergyLedger",
      ] as const;
      const pieces: Address[][] = [];
      for (const [index, contract] of names.entries()) {
        const code = index === part ? "0x5f5ffd" : artifactOf(contract).bytecode;
        pieces.push(
          await Promise.all(split(code).map((piece) => stage.people.creator.deploy(contract, dataContract(piece)))),
        );
      }
      const [a = [], b = [], c = [], d = [], e = [], f = [], g = []] = pieces;
      const args = encodeAbiParameters([{ type: "address[][7]" }], [[a, b, c, d, e, f, g]]);
      const factory = await stage.people.creator.deploy(
        "factory",
        concat([artifactOf("CommunityFactory").bytecode, args]),
      );
      const [treasury, ledger] = [4, 6];
      const failed = (call: Parameters<typeof send>[2]) =>
        assertRefused(send(stage, "creator", call), "DeploymentFailed", [BigInt(part)]);
      if (part < treasury) return failed(create({}, factory));
      await send(stage, "creator", create({}, factory));
      await failed(part < ledger ? addTreasury(1, factory) : addLedger(1, factory));
    });
  }
});

function split(code: Hex): Hex[] {
  const digits = code.slice(2);
  const most = 2 * 24_575;
  return Array.from(
    { length: Math.ceil(digits.length / most) },
    (_, i): Hex => `0x${digits.slice(i * most, (i + 1) * most)}`,
  );
}
