/** What is kept in memory, and when it no longer is. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate as turn } from "node:timers/promises";
import { openIndexDatabase } from "../../api/index/indexStore.ts";
import { IndexReader } from "../../api/index/reader.ts";
import { ChangeWatch, Remembered } from "../../api/remembered.ts";
import { RecentBodies } from "../../api/routes/recentBodies.ts";

describe("what was read from a database", () => {
  let folder: string;
  let own: DatabaseSync;
  let other: DatabaseSync;
  let watch: ChangeWatch;
  let remembered: Remembered<number>;
  let reads: number;

  const value = () => {
    return remembered.of("key", () => {
      reads++;
      const found = own.prepare("SELECT value FROM some").get()?.["value"];
      return typeof found === "number" ? found : undefined;
    });
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-remembered-"));
    const file = join(folder, "some.sqlite");
    own = new DatabaseSync(file);
    own.exec("PRAGMA journal_mode = WAL; CREATE TABLE some (value INTEGER); INSERT INTO some VALUES (1)");
    other = new DatabaseSync(file);
    watch = new ChangeWatch(own);
    remembered = new Remembered(watch);
    reads = 0;
  });

  afterEach(() => {
    own.close();
    other.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is read once as long as nothing changes", async () => {
    for (let i = 0; i < 3; i++) {
      assert.equal(value(), 1);
      await turn();
    }
    assert.equal(reads, 1);
  });

  it("is read again when another connection has written", async () => {
    assert.equal(value(), 1);
    await turn();
    other.exec("UPDATE some SET value = 2");
    assert.equal(value(), 2);
  });

  it("is read again at once when this connection has written and says so", () => {
    assert.equal(value(), 1);
    own.exec("UPDATE some SET value = 2");
    watch.askAgain();
    assert.equal(value(), 2);
  });

  it("is not kept if it was written in a transaction that is taken back", () => {
    own.exec("BEGIN; UPDATE some SET value = 2");
    assert.equal(value(), 2);
    own.exec("ROLLBACK");
    assert.equal(value(), 1);
  });

  it("is not kept if there is nothing", () => {
    own.exec("DELETE FROM some");
    for (let i = 1; i <= 3; i++) {
      assert.equal(value(), undefined);
      assert.equal(reads, i);
    }
  });
});

describe("bodies that were asked for of late", () => {
  it("are there again, and the least recent make room for others", () => {
    const bodies = new RecentBodies(20);
    bodies.keep("a", "aaaaaaaa");
    bodies.keep("b", "bbbbbbbb");
    assert.equal(bodies.get("a")?.toString(), "aaaaaaaa");
    bodies.keep("c", "cccccccc");
    assert.deepEqual(
      ["a", "b", "c"].map((key) => bodies.get(key)?.toString()),
      ["aaaaaaaa", undefined, "cccccccc"],
    );
  });

  it("are counted once if they are kept again", () => {
    const bodies = new RecentBodies(20);
    for (let i = 0; i < 5; i++) bodies.keep("a", "aaaaaaaa");
    bodies.keep("b", "bbbbbbbb");
    assert.equal(bodies.get("a")?.toString(), "aaaaaaaa");
  });
});

describe("what is read of an index at one moment", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-moment-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is of one state, though the index goes on meanwhile, and though another was just asked for", () => {
    const file = join(folder, "index.sqlite");
    const [own, other] = [openIndexDatabase(file), openIndexDatabase(file)];
    const goOnTo = (position: number) => {
      other.exec(`INSERT OR REPLACE INTO derived VALUES (1, ${position}, '0x0000000000', 0, 0)`);
      other.exec(`INSERT OR REPLACE INTO account VALUES (1, 1, 'payee', 'at ${position}')`);
    };
    goOnTo(1);
    const reader = new IndexReader(own);
    assert.equal(reader.version(1), "1-00000000");
    goOnTo(2);
    const seen = reader.atOneMoment(() => {
      const version = reader.version(1);
      goOnTo(3);
      return [version, reader.account(1, 1)];
    });
    assert.deepEqual(seen, ["2-00000000", "at 2"]);
    assert.equal(reader.account(1, 1), "at 3");
    own.close();
    other.close();
  });
});
