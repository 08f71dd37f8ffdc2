/** Parts that are kept running. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepRunning, type Part } from "../../../scripts/up/parts.ts";
import { screenText } from "../../../scripts/up/screen.ts";
import { until } from "../../support/processes.ts";

describe("a part that is kept running", function () {
  this.timeout(30_000);
  let folder: string;
  let part: Part | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-parts-"));
  });
  afterEach(async () => {
    await part?.stop();
    rmSync(folder, { recursive: true });
  });

  function run(code: string): Part {
    const file = join(folder, "part.mjs");
    writeFileSync(file, code);
    part = keepRunning({ name: "part", run: [file], log: join(folder, "part.log") }, () => undefined);
    return part;
  }
  const logged = () => readFileSync(join(folder, "part.log"), "utf8");

  it("is started again when it is killed, with what it said in its log", async () => {
    const { state } = run('console.log("begun"); setInterval(() => {}, 1000);');
    await until("its first words", () => logged() === "begun\n");
    const first = state().pid ?? assert.fail("it does not run");
    process.kill(first, "SIGKILL");
    await until("its second words", () => logged() === "begun\nbegun\n");
    assert.notEqual(state().pid, first);
    assert.equal(state().ended, 1);
    assert.equal(state().lastWords, "begun");
  });

  it("is asked to end, and told of why it does not stay up", async () => {
    const { state, stop } = run('console.error("the port is taken"); process.exit(1);');
    await until("two ends", () => state().ended >= 2);
    assert.equal(state().lastWords, "the port is taken");
    await stop();
    assert.equal(state().state, "stopped");
    part = undefined;
  });

  it("ends when its parent is killed", async () => {
    const parent = join(folder, "parent.mjs");
    const child = join(folder, "child.mjs");
    writeFileSync(child, "console.log(process.pid); setInterval(() => {}, 1000);");
    const module = join(import.meta.dirname, "../../../scripts/up/parts.ts");
    const plan = { name: "child", run: [child], log: join(folder, "child.log") };
    writeFileSync(parent, `import { keepRunning } from "${module}"; keepRunning(${JSON.stringify(plan)}, () => {});`);
    const { pid } = run(`await import(${JSON.stringify(parent)});`).state();
    let grandchild = 0;
    await until("the grandchild", () => {
      grandchild = Number(textOf(plan.log));
      return grandchild > 0;
    });
    process.kill(pid ?? assert.fail("no parent"), "SIGKILL");
    await until("its end", () => !isAlive(grandchild));
  });
});

describe("the screen of `up`", () => {
  const heading = {
    community: "CER Prova",
    data: "condivisa-data",
    ports: { api: 8080, broker: 8081, chain: 8082, oracle: 8083, metrics: 8084 },
    meters: 3,
    member: { name: "Famiglia Bianchi", link: "http://localhost:8080/invito#secret" },
  };
  const part = { ended: 0, lastWords: undefined, log: "logs/x.log", pid: 1 };
  const status = {
    parts: [
      { ...part, name: "chain", state: "running" },
      { ...part, name: "oracle", state: "waiting", ended: 4, lastWords: "no key" },
      { ...part, name: "api", state: "running" },
    ],
    block: 93,
    nextHour: 498_815,
    meters: { heard: 2, lastHeard: 1000 },
    alarms: [{ text: "roof has been silent", remedy: "See its power" }],
    indexBlock: 93,
  } as const;

  it("says how each part is, what is wrong and what to do", () => {
    const text = screenText(heading, status, 12.3, 1130);
    for (const expected of [
      /CER Prova/,
      /chain +block 93/,
      /oracle +ended, starts again: no key/,
      /api +knows block 93/,
      /roof has been silent\. See its power/,
      /http:\/\/localhost:8080\/api\/reference/,
      /As Famiglia Bianchi, once +http:\/\/localhost:8080\/invito#secret/,
      /\.\/condivisa sign-in treasurer /,
      /Ready in 12\.3 s/,
    ]) {
      assert.match(text, expected);
    }
  });

  it("offers no link before there is something behind it", () => {
    assert.doesNotMatch(screenText(heading, status, undefined, 1130), /http:/);
  });
});

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
