/** Who holds which office of a community, as its contract of roles has told. */

import type { DatabaseSync } from "node:sqlite";
import type { Address } from "viem";
import { communityRolesAbi } from "../../chain/abi.ts";
import { events, placeOf } from "../../chain/events.ts";
import { ROLES, type Role } from "../http/caller.ts";
import { keptLogsOf } from "./keptLogs.ts";

/** `since`: a grant counts from this moment on, seconds since the Unix epoch. */
export type Office = { readonly wallet: Address; readonly role: Role; readonly since: number };

export async function readOffices(database: DatabaseSync, roles: Address | undefined): Promise<Office[]> {
  if (roles === undefined) return [];
  const source = keptLogsOf(database);
  const granted = await events(source, communityRolesAbi, roles, "RoleGranted");
  const revoked = await events(source, communityRolesAbi, roles, "RoleRevoked");
  const offices = new Map<string, Office>();
  for (const log of [...granted, ...revoked].toSorted((a, b) => placeOf(a).position - placeOf(b).position)) {
    const role = ROLES[Number(log.args.roleId)];
    if (role === undefined) continue;
    const key = `${role} ${log.args.account}`;
    if (log.eventName === "RoleRevoked") offices.delete(key);
    else {
      // Granting again changes the delay of a member, not the time since which it is one.
      const since = log.args.newMember ? log.args.since : (offices.get(key)?.since ?? log.args.since);
      offices.set(key, { wallet: log.args.account, role, since });
    }
  }
  return [...offices.values()];
}
