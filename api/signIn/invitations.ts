/** Invitations: a link that the secretary sends, with which a person makes the first passkey, or another when all are lost. */

import { z } from "zod";
import type { RegisterStore } from "../register/store.ts";
import type { Site } from "./site.ts";
import { hashOf, newToken } from "./tokens.ts";

export const INVITATION_DAYS = 7;
const SECONDS_PER_DAY = 86_400;

export type Invitation = {
  readonly id: number;
  readonly person: number;
  readonly community: number;
  readonly account: number;
  readonly madeAt: number;
  readonly endsAt: number;
};

const invitationRow = z
  .object({
    id: z.number(),
    person: z.number(),
    community: z.number(),
    account: z.number(),
    made_at: z.number(),
    ends_at: z.number(),
  })
  .transform(({ made_at: madeAt, ends_at: endsAt, ...row }): Invitation => ({ ...row, madeAt, endsAt }));

/** Makes an invitation; an earlier one that was not used is good no more. @returns the secret, which is kept nowhere */
export function invite(
  store: RegisterStore,
  { person, community, account }: Pick<Invitation, "person" | "community" | "account">,
  by: string,
  now: number,
): { readonly token: string; readonly endsAt: number } {
  const token = newToken();
  const endsAt = now + INVITATION_DAYS * SECONDS_PER_DAY;
  store.transaction(() => {
    store.run("DELETE FROM invitation WHERE person = ? AND community = ? AND used_at IS NULL", person, community);
    store.run(
      "INSERT INTO invitation (hash, person, community, account, made_by, made_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[hashOf(token), person, community, account, by, now, endsAt],
    );
  });
  return { token, endsAt };
}

/** The link to send. The secret stands behind #: browsers send that to nobody, so it is in no log. */
export function invitationLink({ origin }: Site, token: string): string {
  return `${origin}/invito#${token}`;
}

/** Whose invitations reach across communities; a secretary's do not. */
export const OPERATOR = "operator";

/**
 * A secretary could redeem an invitation herself. That shows her nothing new of a person of her own community; so a person who
 * belongs to others too is the operator's to invite.
 */
const GOOD = `used_at IS NULL AND ends_at > ?1
  AND EXISTS (SELECT 1 FROM membership WHERE membership.person = invitation.person
    AND membership.community = invitation.community AND membership.account = invitation.account)
  AND (made_by = '${OPERATOR}' OR NOT EXISTS (SELECT 1 FROM membership WHERE membership.person = invitation.person
    AND membership.community <> invitation.community))`;

/** The invitation of a secret, if it is good. */
export function findInvitation(store: RegisterStore, token: string, now: number): Invitation | undefined {
  return store.get(invitationRow, `SELECT * FROM invitation WHERE hash = ?2 AND ${GOOD}`, now, hashOf(token));
}

/** Likewise, and it is used with that: of all who try, one gets it. */
export function takeInvitation(store: RegisterStore, token: string, now: number): Invitation | undefined {
  const sql = `UPDATE invitation SET used_at = ?1 WHERE hash = ?2 AND ${GOOD} RETURNING *`;
  return store.get(invitationRow, sql, now, hashOf(token));
}

/** Whether a secretary of this community may invite a person: one who belongs to no other. */
export function isInvitable(store: RegisterStore, person: number, community: number): boolean {
  const sql = "SELECT count(*) AS count FROM membership WHERE person = ? AND community <> ?";
  return store.one(z.object({ count: z.number() }), sql, person, community).count === 0;
}

/** @returns whether there was one that was not used */
export function withdrawInvitations(store: RegisterStore, person: number, community: number): boolean {
  return (
    store.run("DELETE FROM invitation WHERE person = ? AND community = ? AND used_at IS NULL", person, community) > 0
  );
}
