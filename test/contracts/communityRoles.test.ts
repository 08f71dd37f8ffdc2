/*
 * CommunityRoles
 *   treasurer, president and auditor exclude each other: at the start, later, and while a grant still waits → refused
 *   the secretary and the admin exclude nobody; a role can be renewed; given up, it frees for another
 *   grants and revocations are the council's only
 *   a grant takes effect after its delay, of the setup's or of a later change that waits five days itself
 */

import assert from "node:assert/strict";
import { communityRolesAbi } from "../../chain/abi.ts";
import { type CommunityAddresses, createCommunity } from "../../chain/deploy.ts";
import { ROLE_IDS, rolesCalls, treasuryCalls } from "../support/communityCalls.ts";
import {
  deployCommunity,
  FIRST_HOUR,
  FIRST_MONTH,
  keyOf,
  openStage,
  ROLES,
  type Stage,
  setupOf,
} from "../support/communityOnChain.ts";
import { assertRefused, read, send } from "../support/refusals.ts";

const DAY = 86_400;
const EXCLUSIVE = ["treasurer", "president", "auditor"] as const;

describe("CommunityRoles", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  before(async () => {
    stage = await openStage();
  });
  beforeEach(async () => {
    at = await deployCommunity(stage);
  });
  after(() => stage.chain.close());

  const grant = (role: keyof typeof ROLE_IDS, account: `0x${string}`) =>
    send(stage, "council", rolesCalls(at).grantRole(ROLE_IDS[role], account));
  const hasRole = async (role: keyof typeof ROLE_IDS, account: `0x${string}`) =>
    read(stage, {
      abi: communityRolesAbi,
      address: at.roles,
      functionName: "hasRole",
      args: [ROLE_IDS[role], account],
    });

  for (const held of EXCLUSIVE) {
    for (const wanted of EXCLUSIVE.filter((role) => role !== held)) {
      it(`refuses to make the ${held} also the ${wanted}: RolesExclusive`, async () => {
        const { address } = stage.people[held];
        await assertRefused(grant(wanted, address), "RolesExclusive", [address, ROLE_IDS[held], ROLE_IDS[wanted]]);
      });
    }
    it(`lets the ${held} be renewed, be secretary too, and become another once no longer ${held}`, async () => {
      const { address } = stage.people[held];
      await grant(held, address);
      await grant("secretary", address);
      await grant("admin", address);
      assert.deepEqual(await hasRole("secretary", address), [true, 0]);
      await send(stage, "council", rolesCalls(at).revokeRole(ROLE_IDS[held], address));
      for (const wanted of EXCLUSIVE.filter((role) => role !== held).slice(0, 1)) {
        await grant(wanted, address);
        assert.deepEqual(await hasRole(wanted, address), [true, 0]);
      }
    });
  }

  it("refuses a community in which one person has two of them from the start: RolesExclusive", async () => {
    const setup = setupOf(stage);
    const { treasurer } = setup.officers;
    for (const [role, other] of [
      ["president", 2n],
      ["auditor", 2n],
    ] as const) {
      const officers = { ...setup.officers, [role]: treasurer };
      const created = createCommunity(stage.people.creator, stage.factory, { ...setup, officers }, []);
      await assertRefused(created, "RolesExclusive", [treasurer, other, ROLE_IDS[role]]);
    }
  });

  it("leaves grants, revocations and delays to the council: AccessManagerUnauthorizedAccount", async () => {
    const target = keyOf("a new officer").address;
    const { grantRole, revokeRole, setGrantDelay } = rolesCalls(at);
    for (const role of ROLES.filter((name) => name !== "council")) {
      const { address } = stage.people[role];
      for (const call of [
        grantRole(1n, target),
        revokeRole(1n, stage.people.secretary.address),
        setGrantDelay(1n, 0),
      ]) {
        await assertRefused(send(stage, role, call), "AccessManagerUnauthorizedAccount", [address, 0n]);
      }
    }
  });

  describe("with a grant delay of three days", () => {
    const newcomer = keyOf("stranger").address;
    beforeEach(async () => {
      const configuration = {
        area: "A",
        firstHour: FIRST_HOUR,
        firstMonth: FIRST_MONTH,
        oracles: [newcomer],
        quorum: 1,
      };
      const setup = { ...setupOf(stage), grantSeconds: 3 * DAY };
      at = await createCommunity(stage.people.creator, stage.factory, setup, [configuration]);
    });

    it("the first officers hold their roles at once, later ones after it", async () => {
      for (const role of ["secretary", ...EXCLUSIVE] as const) {
        assert.deepEqual(await hasRole(role, stage.people[role].address), [true, 0]);
      }
      const since = stage.chain.time() + 3 * DAY;
      await grant("treasurer", newcomer);
      stage.chain.advanceTo(since - 1);
      const propose = treasuryCalls(at).propose(1);
      await assertRefused(send(stage, "stranger", propose), "AccessManagedUnauthorized", [newcomer]);
      stage.chain.advanceTo(since);
      await assertRefused(send(stage, "stranger", propose), "WrongPhase", [1, 0, 3]);
    });

    it("a grant that still waits counts as held: RolesExclusive", async () => {
      await grant("treasurer", newcomer);
      await assertRefused(grant("president", newcomer), "RolesExclusive", [newcomer, 2n, 3n]);
    });

    it("a shorter delay waits five days, or as much as it shortens", async () => {
      const changed = stage.chain.time();
      await send(stage, "council", rolesCalls(at).setGrantDelay(ROLE_IDS.treasurer, 0));
      const delay = () =>
        read(stage, {
          abi: communityRolesAbi,
          address: at.roles,
          functionName: "getRoleGrantDelay",
          args: [ROLE_IDS.treasurer],
        });
      stage.chain.advanceTo(changed + 5 * DAY - 1);
      await grant("secretary", newcomer);
      assert.equal(await delay(), 3 * DAY);
      stage.chain.advanceTo(changed + 5 * DAY);
      await grant("secretary", newcomer);
      assert.equal(await delay(), 0);
    });
  });
});
