/** Passkeys: made on an invitation or by who is signed in, and signed in with, without typing a name. */

import { timingSafeEqual } from "node:crypto";
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { z } from "zod";
import { type RegisterStore, sealedField } from "../register/store.ts";
import { isWithoutCertificates } from "./attestation.ts";
import { CHALLENGE_SECONDS, issueChallenge, takeChallenge } from "./challenges.ts";
import { decoyCredential } from "./decoyCredential.ts";
import type { AuthenticationResponse, RegistrationResponse } from "./passkeyShapes.ts";
import type { Site } from "./site.ts";

export type Passkey = {
  readonly id: number;
  readonly label: string | undefined;
  readonly createdAt: number;
  readonly usedAt: number | undefined;
};

export type NewCredential = {
  readonly id: string;
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
};

const AUTHENTICATE = "passkey";
const TIMEOUT_MILLISECONDS = CHALLENGE_SECONDS * 1000;

const credentialRow = z.object({
  id: z.number(),
  person: z.number(),
  credential: z.string(),
  public_key: z.instanceof(Uint8Array),
  counter: z.number(),
  transports: z.string(),
  handle: z.instanceof(Uint8Array),
});
const passkeyRow = z.object({
  id: z.number(),
  label: sealedField,
  created_at: z.number(),
  used_at: z.number().nullable(),
});

/**
 * What a browser needs to make a passkey.
 * @param purpose for which the challenge is good
 * @param userName shown where a person chooses among passkeys
 */
export async function registrationOptions(
  store: RegisterStore,
  site: Site,
  { person, purpose, userName }: { readonly person: number; readonly purpose: string; readonly userName: string },
  now: number,
) {
  const { handle } = store.one(
    z.object({ handle: z.instanceof(Uint8Array) }),
    "SELECT handle FROM person WHERE id = ?",
    person,
  );
  const credentials = store.all(
    z.object({ credential: z.string() }),
    "SELECT credential FROM passkey WHERE person = ? ORDER BY id",
    person,
  );
  return generateRegistrationOptions({
    rpName: site.name,
    rpID: site.rpId,
    userName,
    userDisplayName: userName,
    userID: Uint8Array.from(handle),
    challenge: bytesOf(issueChallenge(store, purpose, now)),
    timeout: TIMEOUT_MILLISECONDS,
    attestationType: "none",
    excludeCredentials: credentials.map(({ credential }) => ({ id: credential })),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  });
}

/** The passkey that was made for this site, this purpose and after asking its holder; else undefined. */
export async function verifyRegistration(
  store: RegisterStore,
  site: Site,
  purpose: string,
  response: RegistrationResponse,
  now: number,
): Promise<NewCredential | undefined> {
  if (!isWithoutCertificates(response.response.attestationObject)) return undefined;
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: (challenge) => takeChallenge(store, purpose, hexOf(challenge), now),
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
    requireUserVerification: true,
  }).catch(() => undefined);
  if (verified === undefined || !verified.verified) return undefined;
  const { id, publicKey, counter } = verified.registrationInfo.credential;
  return { id, publicKey, counter, transports: response.response.transports ?? [] };
}

/** @returns the passkey's number; undefined if this credential is kept already, whoever's it is */
export function addPasskey(
  store: RegisterStore,
  person: number,
  { id: credential, publicKey, counter, transports }: NewCredential,
  label: string | undefined,
  now: number,
): number | undefined {
  return store.transaction(() => {
    const row = store.get(
      z.object({ id: z.number() }),
      `INSERT INTO passkey (person, credential, public_key, counter, transports, created_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING RETURNING id`,
      ...[person, credential, publicKey, counter, transports.join(","), now],
    );
    if (row === undefined) return undefined;
    store.run("UPDATE passkey SET label = ? WHERE id = ?", store.seal("passkey", "label", row.id, label), row.id);
    return row.id;
  });
}

/** What a browser needs to sign in: no list of passkeys, so that nobody learns whose there are. */
export function authenticationOptions(store: RegisterStore, site: Site, now: number) {
  return generateAuthenticationOptions({
    rpID: site.rpId,
    challenge: bytesOf(issueChallenge(store, AUTHENTICATE, now)),
    timeout: TIMEOUT_MILLISECONDS,
    userVerification: "required",
  });
}

export type Authentication =
  | { readonly person: number; readonly passkey: number; readonly problem?: never }
  | { readonly person?: number; readonly problem: string };

/** Whose passkey it is. The problem is for the log: who asks is told the same whatever it is. */
export async function verifyAuthentication(
  store: RegisterStore,
  site: Site,
  response: AuthenticationResponse,
  now: number,
): Promise<Authentication> {
  const known = store.get(
    credentialRow,
    "SELECT passkey.*, handle FROM passkey JOIN person ON person.id = person WHERE credential = ?",
    response.id,
  );
  // A passkey that is not known takes as long as one that is.
  const credential =
    known === undefined
      ? { ...decoyCredential(), id: response.id }
      : { id: known.credential, publicKey: Uint8Array.from(known.public_key), counter: known.counter };
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: (challenge) => takeChallenge(store, AUTHENTICATE, hexOf(challenge), now),
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
    credential,
    requireUserVerification: true,
  }).catch(() => undefined);
  if (known === undefined) return { problem: "no such passkey" };
  const { person, id: passkey, counter } = known;
  if (verified?.verified !== true) return { person, problem: "signature, challenge, site or counter is not right" };
  if (!isHandle(response.response.userHandle, known.handle)) return { person, problem: "another user's handle" };
  const { newCounter } = verified.authenticationInfo;
  const sql = "UPDATE passkey SET counter = ?, used_at = ? WHERE id = ? AND counter = ?";
  if (store.run(sql, newCounter, now, passkey, counter) === 0) return { person, problem: "counter used twice" };
  return { person, passkey };
}

export function passkeysOf(store: RegisterStore, person: number): Passkey[] {
  return store
    .all(passkeyRow, "SELECT id, label, created_at, used_at FROM passkey WHERE person = ? ORDER BY id", person)
    .map(({ id, label, created_at: createdAt, used_at }) => {
      return { id, label: store.unseal("passkey", "label", id, label), createdAt, usedAt: used_at ?? undefined };
    });
}

export function passkeyCount(store: RegisterStore, person: number): number {
  return store.one(z.object({ count: z.number() }), "SELECT count(*) AS count FROM passkey WHERE person = ?", person)
    .count;
}

/** Removes a passkey and the sessions begun with it. The last one stays: without it nobody could sign in. */
export function removePasskey(store: RegisterStore, person: number, id: number): "removed" | "last" | "none" {
  return store.transaction(() => {
    const known = store.get(
      z.object({ id: z.number() }),
      "SELECT id FROM passkey WHERE person = ? AND id = ?",
      person,
      id,
    );
    if (known === undefined) return "none";
    if (passkeyCount(store, person) === 1) return "last";
    store.run("DELETE FROM session WHERE person = ? AND passkey = ?", person, id);
    store.run("DELETE FROM passkey WHERE person = ? AND id = ?", person, id);
    return "removed";
  });
}

/** Removes all passkeys and sessions of a person but this session and the passkey with which it began. */
export function keepOnlyPasskeyOf(store: RegisterStore, person: number, session: string): void {
  const used = "(SELECT passkey FROM session WHERE id = ?2)";
  store.run(`DELETE FROM passkey WHERE person = ?1 AND id IS NOT ${used}`, person, session);
  store.run("DELETE FROM session WHERE person = ? AND id <> ?", person, session);
}

function isHandle(given: string | undefined, handle: Uint8Array): boolean {
  const bytes = Buffer.from(given ?? "", "base64url");
  return bytes.length === handle.length && timingSafeEqual(bytes, handle);
}

function bytesOf(challenge: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(challenge, "hex"));
}

function hexOf(challenge: string): string {
  return Buffer.from(challenge, "base64url").toString("hex");
}
