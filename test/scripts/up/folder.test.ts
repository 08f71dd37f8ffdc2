/** The folder of `up`: whose it is, who runs in it, what of it may be forgotten. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { communityFiles, communityOf, endOfReadings, fingerprint } from "../../../scripts/up/community.ts";
import { emptyFolder, enterFolder, readSettings, upFolder, writeSettings } from "../../../scripts/up/folder.ts";
import { openLog } from "../../../scripts/up/logFile.ts";
import { checkFree, portsFrom } from "../../../scripts/up/ports.ts";
import { formatHour } from "../../../settlement/hours.ts";
import { freePort } from "../../support/mosquitto.ts";
import { writeSmallCommunity } from "../../support/smallCommunity.ts";

describe("the folder of `up`", function () {
  this.timeout(30_000);
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "condivisa-up-folder-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("is one that is new, empty or its own; of another nothing is touched", () => {
    const folder = upFolder(join(root, "data"));
    const settings = { registered: true, simulate: false, port: 8080 };
    for (let start = 0; start < 2; start++) {
      const leave = enterFolder(folder);
      writeSettings(folder, settings);
      leave();
    }
    assert.deepEqual(readSettings(folder), settings);
    writeFileSync(join(folder.path, "thesis.docx"), "");
    for (const work of [enterFolder, emptyFolder]) {
      assert.throws(() => work(folder), /thesis\.docx.*`up` did not put there/s);
    }
    assert(existsSync(join(folder.path, "thesis.docx")));
  });

  it("is as before where nothing came of a start", () => {
    const made = upFolder(join(root, "data"));
    enterFolder(made)();
    assert(!existsSync(made.path));
    mkdirSync(made.path);
    enterFolder(made)();
    assert.deepEqual(readdirSync(made.path), []);
  });

  it("is forgotten with --fresh, unless one runs in it", () => {
    const folder = upFolder(join(root, "data"));
    const leave = enterFolder(folder);
    writeSettings(folder, { registered: true, simulate: false, port: 8080 });
    assert.throws(() => enterFolder(folder), /runs in this folder already/);
    assert.throws(() => emptyFolder(folder), /runs in this folder already/);
    assert.deepEqual(readSettings(folder), { registered: true, simulate: false, port: 8080 });
    leave();
    emptyFolder(folder);
    assert.equal(readSettings(folder), undefined);
  });

  it("keeps to the community with which it was begun", () => {
    const mine = join(root, "mine");
    assert.equal(communityOf(mine, undefined), mine);
    assert.equal(communityOf(undefined, { community: mine, registered: true, simulate: false, port: 1 }), mine);
    assert.equal(communityOf(mine, { community: mine, registered: true, simulate: false, port: 1 }), mine);
    assert.throws(
      () => communityOf(mine, { registered: true, simulate: false, port: 1 }),
      /begun with the sample community.*--fresh/,
    );
  });

  it("takes one's own files, settles them again when they are others, and lets meters go on behind the last", () => {
    const [folder, mine] = [upFolder(join(root, "data")), join(root, "mine")];
    assert.throws(() => communityFiles(folder, mine), /community\.yaml: no such file/);
    writeSmallCommunity(mine);
    const files = communityFiles(folder, mine);
    assert.equal(formatHour(endOfReadings(files)), "2026-04-30T22:00:00Z");
    const before = fingerprint(files);
    assert.equal(fingerprint(communityFiles(folder, mine)), before);
    rmSync(files.receipts);
    assert.notEqual(fingerprint(communityFiles(folder, mine)), before);
  });

  it("names the port that is taken", async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    await assert.rejects(checkFree(portsFrom(port - 1), 0), new RegExp(`port ${port} \\(broker\\) is taken.*--port`));
    await new Promise((resolve) => server.close(resolve));
  });

  it("has logs that do not grow for ever", () => {
    const log = openLog(join(root, "part.log"), 100);
    for (let line = 0; line < 50; line++) log.write(Buffer.from(`line ${line}\n`));
    log.close();
    const again = openLog(join(root, "part.log"), 100);
    again.write(Buffer.from("after a stop\n"));
    again.close();
    assert(existsSync(join(root, "part.log.1")));
    assert(!existsSync(join(root, "part.log.2")));
  });
});
