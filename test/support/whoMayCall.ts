/**
 * Who may call which operation, written down a second time, by hand: a route that is not here is not to be served, and one whose own
 * statement says something else was opened or closed by mistake.
 *
 * `anybody`; `signed-in`: persons, wallets and machines, for what is theirs; `session`: persons and wallets; `person`: persons alone.
 * Else who of the community: `own`: the member whose account stands in the path; `members`: all of them; offices; keys by their scope.
 */

import assert from "node:assert/strict";
import type { Asking } from "./apiCallers.ts";
import type { Operation, PathValues } from "./openApiRequests.ts";

const EVERY_OFFICE = "admin secretary treasurer president auditor";
const MONEY = "treasurer president auditor";

export const WHO_MAY_CALL: Readonly<Record<string, string>> = {
  passkeyOptions: "anybody",
  signInWithPasskey: "anybody",
  invitationOptions: "anybody",
  redeemInvitation: "anybody",
  walletMessage: "anybody",
  signInWithWallet: "anybody",

  readSession: "session",
  signOut: "session",
  listSessions: "session",
  signOutEverywhere: "session",
  endSession: "session",
  listSignIns: "session",

  acceptInvitation: "person",
  listPasskeys: "person",
  newPasskeyOptions: "person",
  addPasskey: "person",
  removePasskey: "person",
  readOwnRecord: "person",
  changeOwnContact: "person",
  exportOwnRecord: "person",
  listOwnAccesses: "person",
  listOwnConsents: "person",
  giveConsent: "person",
  revokeConsent: "person",

  listPersons: "secretary",
  addPerson: "secretary",
  readPerson: "secretary",
  changePerson: "secretary",
  erasePerson: "secretary",
  exportPerson: "secretary",
  recordConsent: "secretary",
  recordRevocation: "secretary",
  invite: "secretary",
  withdrawInvitation: "secretary",
  listPayees: "treasurer president",
  listAccesses: "secretary auditor admin",

  listCommunityKeys: "admin secretary president auditor",
  makeCommunityKey: "admin secretary",
  revokeCommunityKey: "admin secretary president auditor",
  listAccountKeys: "own",
  makeAccountKey: "own",
  revokeAccountKey: "own",

  listCommunities: "signed-in",
  getCommunity: `members ${EVERY_OFFICE} key:energy key:money`,
  listAlarms: `members ${EVERY_OFFICE} key:alarms`,
  streamCommunity: `members ${EVERY_OFFICE} key:energy key:money key:alarms`,
  getConfigurationHours: `members ${EVERY_OFFICE} key:energy`,
  getConfigurationDays: `members ${EVERY_OFFICE} key:energy`,
  listBatches: `members ${EVERY_OFFICE} key:energy`,
  listMonths: `members ${EVERY_OFFICE} key:energy`,
  listReceipts: `members ${EVERY_OFFICE} key:money`,
  listAdjustments: `members ${EVERY_OFFICE} key:money`,
  listRuleSets: `members ${EVERY_OFFICE} key:money`,
  listRuns: `members ${EVERY_OFFICE} key:money`,
  getRun: `members ${EVERY_OFFICE} key:money`,

  getAccount: `own ${MONEY} key:money`,
  listBookings: `own ${MONEY} key:money`,
  getStatement: `own ${MONEY} key:statements`,
  listAccountChannels: "own auditor key:energy",
  getChannelHours: "own auditor key:energy",
  getChannelDays: "own auditor key:energy",
  getRowProof: "own auditor key:energy key:proofs",

  getConfigurationHoursCsv: `members ${EVERY_OFFICE} key:energy key:exports`,
  getAccountHoursCsv: "own auditor key:energy key:exports",
  getStatementPdf: `own ${MONEY} key:statements`,
  getStatementCsv: `own ${MONEY} key:statements`,
  getCertificate: `own ${MONEY} key:exports`,
  getCertificatePdf: `own ${MONEY} key:exports`,
  getEvidence: `${MONEY} key:exports`,
  getEvidencePdf: `${MONEY} key:exports`,
  getLedgerCsv: `${MONEY} key:exports`,
  verifyDocument: "anybody",

  listAccounts: `${MONEY} key:money`,
  listPayouts: `${MONEY} key:money`,
  listEntitlements: `${MONEY} key:money`,
  listWriteOffs: `${MONEY} key:money`,
  listRedemptionFiles: `${MONEY} key:money`,
  listRedemptions: `${MONEY} key:money`,
  listPayeeChanges: `${MONEY} key:money`,
  listChannels: "secretary auditor key:energy",
};

const SCOPES = ["energy", "money", "statements", "proofs", "exports", "alarms"];
/** What the callers of `enrolCallers` are, in the words of WHO_MAY_CALL. */
type Standing = {
  readonly is: "nobody" | "person" | "wallet" | "key";
  readonly community?: number;
  /** Of one account only. */
  readonly account?: number;
  /** Its offices, or the scopes of a key. */
  readonly as?: readonly string[];
};
const STANDINGS: Readonly<Record<string, Standing>> = {
  nobody: { is: "nobody" },
  anna: { is: "person", community: 1, account: 1 },
  bruno: { is: "person", community: 1, account: 2 },
  "member elsewhere": { is: "person", community: 2, account: 1 },
  council: { is: "wallet", community: 1, as: ["admin"] },
  secretary: { is: "wallet", community: 1, as: ["secretary"] },
  treasurer: { is: "wallet", community: 1, as: ["treasurer"] },
  president: { is: "wallet", community: 1, as: ["president"] },
  auditor: { is: "wallet", community: 1, as: ["auditor"] },
  "secretary elsewhere": { is: "wallet", community: 2, as: ["secretary"] },
  "treasurer elsewhere": { is: "wallet", community: 2, as: ["treasurer"] },
  "auditor elsewhere": { is: "wallet", community: 2, as: ["auditor"] },
  ...Object.fromEntries(
    SCOPES.flatMap((scope): [string, Standing][] => [
      [`key ${scope}`, { is: "key", community: 1, as: [`key:${scope}`] }],
      [`key ${scope} of anna`, { is: "key", community: 1, account: 1, as: [`key:${scope}`] }],
    ]),
  ),
  "key elsewhere": { is: "key", community: 2, as: SCOPES.map((scope) => `key:${scope}`) },
};

function standingOf({ name }: Asking): Standing {
  const standing = STANDINGS[name];
  assert(standing !== undefined, `say in STANDINGS what ${name} is`);
  return standing;
}

const DONE = 200;
/** What a request comes to that would change something, was let in, and has a parameter in its query that no route knows. */
const LET_IN = 400;

/** @param values of the parameters in its path */
export function expectedStatus({ method, operationId, path }: Operation, values: PathValues, caller: Asking): number {
  const who = standingOf(caller);
  const done = method === "GET" ? DONE : LET_IN;
  const rule = WHO_MAY_CALL[operationId]?.split(" ") ?? [];
  if (rule.includes("anybody")) return done;
  if (who.is === "nobody") return 401;
  if (rule.includes("signed-in")) return done;
  if (rule.includes("session")) return who.is === "key" ? 403 : done;
  if (rule.includes("person")) return who.is === "person" ? done : 403;
  // Of another community, or of another account, one does not even learn that it exists.
  if (values["community"] !== who.community) return 404;
  if (path.includes("{account}") && who.account !== undefined && values["account"] !== who.account) return 404;
  const isForMembers = rule.includes("own") || rule.includes("members");
  if (who.is === "person") return isForMembers ? done : 403;
  if (who.account !== undefined && !isForMembers) return 403;
  return who.as?.some((each) => rule.includes(each)) === true ? done : 403;
}
