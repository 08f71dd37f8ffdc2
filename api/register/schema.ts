/** The tables of `register.sqlite`. Times are seconds since the Unix epoch. */

/** Of the tables: another one is another version's. */
export const FORMAT = "1";

/** The columns that are encrypted: everything that says who somebody is. Rotation goes over them. */
export const SEALED = {
  person: ["name", "email", "phone", "address", "tax_code"],
  membership: ["iban"],
  meter: ["name", "pod"],
  payment_record: ["name", "iban"],
  payment_order: ["content"],
  passkey: ["label"],
} as const;

export type SealedTable = keyof typeof SEALED;
export type SealedColumn<T extends SealedTable> = (typeof SEALED)[T][number];

/**
 * Rows are numbered with AUTOINCREMENT, so that no number is given twice: a number in a log never comes to mean another person.
 *
 * - `person`: erased ones keep their number and the dates.
 * - `membership`: whose an account is. At most one person of an account has the bank account to which its money goes.
 * - `payment_record`: what was put into a file for a bank; kept ten years, whoever asks for erasure.
 * - `payment_order`: what else it takes to make such a file again.
 * - `access`: who looked at whose data. `who` is a wallet with its roles, `person N`, or `operator`.
 */
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS person (
    id INTEGER PRIMARY KEY AUTOINCREMENT, handle BLOB NOT NULL UNIQUE, name BLOB, email BLOB, phone BLOB, address BLOB, tax_code BLOB,
    created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, erased_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS membership (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL REFERENCES person, community INTEGER NOT NULL,
    account INTEGER NOT NULL, since INTEGER NOT NULL, iban BLOB, UNIQUE (person, community, account)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS membership_account ON membership (community, account);
  CREATE UNIQUE INDEX IF NOT EXISTS membership_bank ON membership (community, account) WHERE iban IS NOT NULL;
  CREATE TABLE IF NOT EXISTS meter (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL REFERENCES person, community INTEGER NOT NULL,
    account INTEGER NOT NULL, configuration INTEGER, channel INTEGER, name BLOB, pod BLOB
  ) STRICT;
  CREATE INDEX IF NOT EXISTS meter_person ON meter (person, community);
  CREATE TABLE IF NOT EXISTS consent (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL REFERENCES person, community INTEGER NOT NULL, kind TEXT NOT NULL,
    version TEXT NOT NULL, given_at INTEGER NOT NULL, given_by TEXT NOT NULL, revoked_at INTEGER, revoked_by TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS consent_person ON consent (person, community);
  CREATE TABLE IF NOT EXISTS payment_record (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER REFERENCES person, community INTEGER NOT NULL, account INTEGER NOT NULL,
    end_to_end_id TEXT NOT NULL, amount TEXT NOT NULL, executed_on TEXT NOT NULL, name BLOB, iban BLOB, restricted_at INTEGER,
    UNIQUE (community, end_to_end_id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS payment_person ON payment_record (person);
  CREATE TABLE IF NOT EXISTS payment_order (
    id INTEGER PRIMARY KEY AUTOINCREMENT, community INTEGER NOT NULL, message_id TEXT NOT NULL, document_hash TEXT NOT NULL,
    made_at INTEGER NOT NULL, content BLOB, UNIQUE (community, message_id)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS access (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, person INTEGER NOT NULL, community INTEGER,
    fields TEXT NOT NULL, reason TEXT NOT NULL, request TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS access_person ON access (person, id);
  CREATE INDEX IF NOT EXISTS access_community ON access (community, id);

  CREATE TABLE IF NOT EXISTS passkey (
    id INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL REFERENCES person, credential TEXT NOT NULL UNIQUE,
    public_key BLOB NOT NULL, counter INTEGER NOT NULL, transports TEXT NOT NULL, label BLOB, created_at INTEGER NOT NULL,
    used_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS passkey_person ON passkey (person);
  CREATE TABLE IF NOT EXISTS invitation (
    id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, person INTEGER NOT NULL REFERENCES person,
    community INTEGER NOT NULL, account INTEGER NOT NULL, made_by TEXT NOT NULL, made_at INTEGER NOT NULL, ends_at INTEGER NOT NULL,
    used_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS challenge (hash BLOB PRIMARY KEY, purpose TEXT NOT NULL, ends_at INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS session (
    hash BLOB PRIMARY KEY, id TEXT NOT NULL UNIQUE, person INTEGER REFERENCES person, wallet TEXT, passkey INTEGER,
    begun_at INTEGER NOT NULL, seen_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS session_person ON session (person);
  CREATE INDEX IF NOT EXISTS session_wallet ON session (wallet);
  CREATE TABLE IF NOT EXISTS api_key (
    id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, community INTEGER NOT NULL, account INTEGER, scopes TEXT NOT NULL,
    label TEXT NOT NULL, person INTEGER REFERENCES person, wallet TEXT, made_at INTEGER NOT NULL, ends_at INTEGER NOT NULL,
    used_at INTEGER, revoked_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS sign_in (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, event TEXT NOT NULL, person INTEGER, wallet TEXT, reason TEXT,
    request TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS sign_in_person ON sign_in (person, id);
  INSERT OR IGNORE INTO meta VALUES ('format', '${FORMAT}');
`;
