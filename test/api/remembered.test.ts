/** What is kept in memory, and when it no longer is. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate as turn } from "node:timers/promises";
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
  it("are made once, and the least recent make room for others", () => {
    const made: string[] = [];
    const bodies = new RecentBodies(20);
    const ask = (key: string) =>
      bodies
        .of(key, () => {
          made.push(key);
          return key.repeat(8);
        })
        .toString();
    assert.equal(ask("a"), "aaaaaaaa");
    assert.equal(ask("b"), "bbbbbbbb");
    assert.equal(ask("a"), "aaaaaaaa");
    ask("c");
    ask("a");
    ask("b");
    assert.deepEqual(made, ["a", "b", "c", "b"]);
  });

  it("are not kept if they cannot be made", () => {
    const bodies = new RecentBodies(20);
    const fail = () => {
      throw new RangeError("none");
    };
    assert.throws(() => bodies.of("a", fail), RangeError);
    assert.equal(bodies.of("a", () => "there").toString(), "there");
  });
});
