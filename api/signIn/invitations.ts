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

const GOOD = `used_at IS NULL AND ends_at > ? AND EXISTS (SELECT 1 FROM membership WHERE membership.person = invitation.person
              AND membership.community = invitation.community AND membership.account = invitation.account)`;

/** The invitation of a secret, if it is good. */
export function findInvitation(store: RegisterStore, token: string, now: number): Invitation | undefined {
  return store.get(invitationRow, `SELECT * FROM invitation WHERE hash = ? AND ${GOOD}`, hashOf(token), now);
}

/** Likewise, and it is used with that: of all who try, one gets it. */
export function takeInvitation(store: RegisterStore, token: string, now: number): Invitation | undefined {
  const sql = `UPDATE invitation SET used_at = ?1 WHERE hash = ?2 AND ${GOOD.replace("?", "?1")} RETURNING *`;
  return store.get(invitationRow, sql, now, hashOf(token));
}

/** @returns whether there was one that was not used */
export function withdrawInvitations(store: RegisterStore, person: number, community: number): boolean {
  return (
    store.run("DELETE FROM invitation WHERE person = ? AND community = ? AND used_at IS NULL", person, community) > 0
  );
}
