/**
 * Who may call which operation, written down a second time, by hand: a route that is not here is not to be served, and one whose own
 * statement says something else was opened or closed by mistake.
 *
 * `anybody`; `signed-in`: persons, wallets and machines, for what is theirs; `session`: persons and wallets; `person`: persons alone.
 * Else who of the community: `own`: the member whose account stands in the path; `members`: all of them; offices; keys by their scope.
 */

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

  listAccounts: `${MONEY} key:money`,
  listPayouts: `${MONEY} key:money`,
  listEntitlements: `${MONEY} key:money`,
  listWriteOffs: `${MONEY} key:money`,
  listRedemptionFiles: `${MONEY} key:money`,
  listRedemptions: `${MONEY} key:money`,
  listPayeeChanges: `${MONEY} key:money`,
  listChannels: "secretary auditor key:energy",
};
