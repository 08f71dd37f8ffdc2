/** The tables of the index. All of it is what the chain says, and can be made anew from the chain. */

/** Of the tables: an index of another format is made anew. */
export const FORMAT = "4";

export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  -- The headers of the newest blocks, and of those in which something was found.
  CREATE TABLE IF NOT EXISTS block (
    number INTEGER PRIMARY KEY, hash TEXT NOT NULL, time INTEGER NOT NULL, is_empty INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS block_empty ON block (number) WHERE is_empty = 1;
  CREATE TABLE IF NOT EXISTS contract (
    address TEXT PRIMARY KEY, community INTEGER NOT NULL, kind TEXT NOT NULL, configuration INTEGER, block INTEGER NOT NULL,
    is_foreign INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS contract_community ON contract (community);
  -- Events as they were logged; those of batches stand in their own table.
  CREATE TABLE IF NOT EXISTS event (
    position INTEGER PRIMARY KEY, transaction_hash TEXT NOT NULL, community INTEGER NOT NULL, address TEXT NOT NULL,
    topics TEXT NOT NULL, data BLOB NOT NULL, kind TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS event_kind ON event (address, kind, position);
  CREATE INDEX IF NOT EXISTS event_community ON event (community, position);
  CREATE TABLE IF NOT EXISTS roster (
    position INTEGER PRIMARY KEY, ledger TEXT NOT NULL, version INTEGER NOT NULL, effective_hour INTEGER NOT NULL, blob BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS roster_ledger ON roster (ledger, version);
  -- Every batch and every correction, with what it brought and what came of it.
  CREATE TABLE IF NOT EXISTS batch (
    position INTEGER PRIMARY KEY, transaction_hash TEXT NOT NULL, community INTEGER NOT NULL, configuration INTEGER NOT NULL,
    first_hour INTEGER NOT NULL, hour_count INTEGER NOT NULL, month INTEGER NOT NULL, revision INTEGER NOT NULL,
    grade INTEGER NOT NULL, missing INTEGER NOT NULL, accrued TEXT NOT NULL, digest TEXT NOT NULL, row_root TEXT NOT NULL,
    energies TEXT NOT NULL, sums TEXT, roster_version INTEGER NOT NULL, seed TEXT NOT NULL, injected BLOB NOT NULL,
    withdrawn BLOB NOT NULL, masks BLOB NOT NULL, price_mask INTEGER NOT NULL, prices BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS batch_hour ON batch (community, configuration, first_hour, position);
  CREATE INDEX IF NOT EXISTS batch_community ON batch (community, position);
  CREATE INDEX IF NOT EXISTS batch_month ON batch (community, configuration, month, position);
  -- What the chain says and what these sources make of it, where the two differ.
  CREATE TABLE IF NOT EXISTS finding (
    position INTEGER NOT NULL, community INTEGER NOT NULL, subject TEXT NOT NULL, chain TEXT NOT NULL, recomputed TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS finding_position ON finding (position);
  -- Made of the above: how far, by community, with the block that this stands in.
  CREATE TABLE IF NOT EXISTS derived (
    community INTEGER PRIMARY KEY, position INTEGER NOT NULL, hash TEXT NOT NULL, time INTEGER NOT NULL, is_undone INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS account (
    community INTEGER NOT NULL, account INTEGER NOT NULL, payee TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (community, account)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS account_month (
    community INTEGER NOT NULL, account INTEGER NOT NULL, month INTEGER NOT NULL, configuration INTEGER NOT NULL,
    content TEXT NOT NULL, PRIMARY KEY (community, account, month, configuration)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS booking (
    community INTEGER NOT NULL, account INTEGER NOT NULL, number INTEGER NOT NULL, month INTEGER NOT NULL,
    kind TEXT NOT NULL, effect TEXT NOT NULL, balance TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (community, account, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS item (
    community INTEGER NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL, account INTEGER, parent INTEGER,
    content TEXT NOT NULL, PRIMARY KEY (community, kind, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS item_account ON item (community, kind, account, number);
  CREATE INDEX IF NOT EXISTS item_parent ON item (community, kind, parent, number);
  CREATE TABLE IF NOT EXISTS office (
    wallet TEXT NOT NULL, community INTEGER NOT NULL, role TEXT NOT NULL, since INTEGER NOT NULL,
    PRIMARY KEY (wallet, community, role)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS office_community ON office (community);
  INSERT OR IGNORE INTO meta VALUES ('format', '${FORMAT}');
`;
