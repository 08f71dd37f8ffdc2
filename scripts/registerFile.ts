/** The personal register as commands open, rotate and show it. */

import { existsSync } from "node:fs";
import { formatTime } from "../api/json.ts";
import type { Occasion } from "../api/register/accessLog.ts";
import { erasePerson } from "../api/register/erasure.ts";
import { exportPerson } from "../api/register/exportPerson.ts";
import {
  addKey,
  dropOldKeys,
  KEY_VARIABLE,
  type KeyRing,
  keyRingFromText,
  makeKeyRing,
  readKeyRing,
} from "../api/register/keyRing.ts";
import { personsIn, personsOf, readPerson } from "../api/register/persons.ts";
import { type Rotation, rotate } from "../api/register/rotation.ts";
import { RegisterError, RegisterStore } from "../api/register/store.ts";
import { showExport } from "../api/register/views.ts";
import { invitationLink, invite, OPERATOR } from "../api/signIn/invitations.ts";
import { allSignIns } from "../api/signIn/signInLog.ts";
import { siteOf } from "../api/signIn/site.ts";
import { table, toJson } from "./table.ts";

const MOST_SIGN_INS = 1000;

/** How the keys are loaded: from the file that is named, or else from the environment. */
export function keySource(keys: string | undefined): () => KeyRing {
  if (keys !== undefined) return () => readKeyRing(keys);
  return () => {
    const text = process.env[KEY_VARIABLE];
    if (text === undefined) throw new RegisterError(`No keys. Name their file with --keys, or set ${KEY_VARIABLE}`);
    return keyRingFromText(text);
  };
}

/** Opens a register that is there: a mistyped name must not begin an empty one. */
export function openRegister(file: string, keys: string | undefined): RegisterStore {
  if (!existsSync(file)) {
    throw new RegisterError(`${file}: no such file. Check the path, or begin one with \`./condivisa register create\``);
  }
  return RegisterStore.open(file, keySource(keys));
}

export function createRegister(file: string, keys: string, now: number): string {
  if (existsSync(file)) throw new RegisterError(`${file}: there is a file already. Name a new one`);
  const { newest } = makeKeyRing(keys, now);
  RegisterStore.open(file, () => readKeyRing(keys)).close();
  return `${file}: begun, encrypted with key «${newest}» of ${keys}. Keep a copy of the key: without it nobody reads the register`;
}

/** Goes on with a key that an interrupted rotation has added. */
export function rotateKey(file: string, keys: string | undefined, dropOld: boolean, now: number): Rotation {
  const store = openRegister(file, keys);
  try {
    if (store.newestKey() === store.keyInForce()) {
      if (keys === undefined) {
        const remedy = `Write a new ID:KEY in front of ${KEY_VARIABLE}, and leave the old one behind a comma`;
        throw new RegisterError(`${file}: encrypted with the newest key already. ${remedy}`);
      }
      addKey(keys, now);
    }
    const rotation = rotate(store);
    if (dropOld && keys !== undefined) dropOldKeys(keys);
    return rotation;
  } finally {
    store.close();
  }
}

/** Who is who in a community, as a table. */
export function personsText(store: RegisterStore, community: number, occasion: Occasion): string {
  const rows = personsIn(store, community, 0, Number.MAX_SAFE_INTEGER).map((number) => {
    const person = readPerson(store, number, occasion, community);
    const accounts = person?.accounts.map(({ account }) => account).join(", ") ?? "";
    return [String(number), accounts, person?.name ?? ""];
  });
  return table([" person", "accounts", "name"], rows);
}

export function inviteByAccount(
  store: RegisterStore,
  { community, account, site }: { readonly community: number; readonly account: number; readonly site: string },
  occasion: Occasion,
): { readonly person: number; readonly link: string }[] {
  const at = siteOf(site, "Condivisa");
  const persons = personsOf(store, community, account);
  if (persons.length === 0) {
    throw new RegisterError(`Nobody has account ${account} of community ${community}. Take the person down first`);
  }
  return persons.map((person) => {
    const { token } = invite(store, { person, community, account }, OPERATOR, occasion.at);
    return { person, link: invitationLink(at, token) };
  });
}

export function exportText(store: RegisterStore, person: number, occasion: Occasion): string {
  const whole = exportPerson(store, person, occasion);
  if (whole === undefined) throw noPerson(person);
  return toJson(showExport(whole));
}

export function eraseText(
  store: RegisterStore,
  person: number,
  community: number | undefined,
  occasion: Occasion,
): string {
  if (readPerson(store, person, occasion) === undefined) throw noPerson(person);
  const { isPartial, restrictedPayments } = erasePerson(store, person, community, occasion);
  const rest = isPartial ? "What other communities know stays." : "Nothing says any more who it was.";
  return `Person ${person} erased. ${rest} ${restrictedPayments} payments restricted until ten years after their day.`;
}

function noPerson(person: number): RegisterError {
  return new RegisterError(`There is no person ${person}, or none any more. \`register list\` shows who there is`);
}

/** Who signed in and who was refused, the newest first, as JSON. */
export function signInsText(store: RegisterStore): string {
  return toJson(allSignIns(store, MOST_SIGN_INS).map(({ at, ...signIn }) => ({ at: formatTime(at), ...signIn })));
}
