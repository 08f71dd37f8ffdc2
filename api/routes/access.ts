/** Who may call what: the few kinds of rules that routes state. */

import type { Access } from "../http/access.ts";
import type { Scope } from "../http/caller.ts";

/** What every member may see of the community: totals, rules, what came in. */
export function ofAllMembers(...scopes: Scope[]): Access {
  return { member: "community", officers: ["admin", "secretary", "treasurer", "president", "auditor"], scopes };
}

/** What a member may see of the own account, and who works with its money or audits it. */
export function ofOwnMoney(...scopes: Scope[]): Access {
  return { member: "own", officers: ["treasurer", "president", "auditor"], scopes };
}

/** Readings: the member's own; the auditor's under numbers, without names. */
export function ofOwnEnergy(...scopes: Scope[]): Access {
  return { member: "own", officers: ["auditor"], scopes };
}

/** Lists over all accounts. */
export function ofOfficers(...scopes: Scope[]): Access {
  return { member: "never", officers: ["treasurer", "president", "auditor"], scopes };
}
