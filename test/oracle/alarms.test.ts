/** Alarms: raised once, over when they are, bounded however often something happens; and in the docs, each of them. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pino } from "pino";
import { z } from "zod";
import { ALARM_KINDS, type AlarmKind, Alarms, stopsWork } from "../../oracle/alarms.ts";
import { makeMetrics } from "../../oracle/health.ts";
import { statusMessage } from "../../oracle/statusTopic.ts";

const DAY = 86_400;

const statusShape = z.object({ ok: z.boolean(), state: z.string(), raised: z.number(), alarms: z.array(z.unknown()) });
const lineShape = z.object({ kind: z.string(), subject: z.string(), remedy: z.string(), msg: z.string() });

describe("alarms", () => {
  let now: number;
  let told: string[];
  let alarms: Alarms;
  beforeEach(() => {
    now = 1000;
    told = [];
    alarms = new Alarms(
      ({ kind, subject, text }, isOver) => told.push(`${isOver ? "over" : "raised"} ${kind} ${subject} ${text}`),
      () => now,
    );
  });
  const raise = (kind: AlarmKind, subject: string, text = "text") =>
    alarms.raise({ kind, subject, text, remedy: "remedy" });
  const raised = () => alarms.list().map(({ kind, subject, since }) => [kind, subject, since]);

  it("are told once when they are raised, and once when they are over", () => {
    raise("meter-silent", "a");
    now = 2000;
    raise("meter-silent", "a", "since longer");
    assert.deepEqual(raised(), [["meter-silent", "a", 1000]]);
    assert.equal(alarms.list()[0]?.text, "since longer");
    alarms.clear("meter-silent", "a");
    alarms.clear("meter-silent", "a");
    assert.deepEqual(raised(), []);
    assert.deepEqual(told, ["raised meter-silent a text", "over meter-silent a since longer"]);
  });

  it("are replaced as a whole: others of these kinds are over", () => {
    raise("meter-silent", "a");
    raise("meter-silent", "b");
    raise("disk-nearly-full", "data");
    alarms.replace(["meter-silent"], [{ kind: "meter-silent", subject: "b", text: "text", remedy: "remedy" }]);
    assert.deepEqual(raised(), [
      ["meter-silent", "b", 1000],
      ["disk-nearly-full", "data", 1000],
    ]);
    alarms.replace(["meter-silent", "disk-nearly-full"], []);
    assert.deepEqual(raised(), []);
  });

  it("of what happened are over a week after it happened last, those of what is so are not", () => {
    raise("meter-implausible", "a", "first");
    raise("meter-silent", "a");
    now += 6 * DAY;
    raise("meter-implausible", "a", "again");
    now += 7 * DAY - 1;
    alarms.expire();
    assert.deepEqual(raised(), [
      ["meter-implausible", "a", 1000],
      ["meter-silent", "a", 1000],
    ]);
    now += 1;
    alarms.expire();
    assert.deepEqual(raised(), [["meter-silent", "a", 1000]]);
  });

  it("of what happens again and again are one, told once a minute, the last of it first", () => {
    for (let message = 0; message < 600; message++) {
      raise("message-unreadable", "condivisa/a", `reason ${message}`);
      now += 1;
    }
    assert.equal(alarms.list().length, 1);
    assert.equal(alarms.list()[0]?.text, "reason 599");
    assert.equal(told.length, 10);
  });

  it("make the oracle unhealthy only if they keep it from its work", () => {
    for (const kind of ALARM_KINDS.filter((each) => !stopsWork(each))) raise(kind, "a");
    assert.equal(alarms.isHealthy(), true);
    raise("broker-unreachable", "mqtts://broker");
    assert.equal(alarms.isHealthy(), false);
    alarms.clear("broker-unreachable", "mqtts://broker");
    assert.equal(alarms.isHealthy(), true);
  });

  it("are counted by kind for Prometheus", async () => {
    const { registry } = makeMetrics(alarms);
    raise("meter-silent", "a");
    raise("meter-silent", "b");
    const text = await registry.metrics();
    assert.match(text, /^condivisa_oracle_alarms\{kind="meter-silent"\} 2$/m);
    for (const kind of ALARM_KINDS.filter((each) => each !== "meter-silent")) {
      assert.match(text, new RegExp(`^condivisa_oracle_alarms\\{kind="${kind}"\\} 0$`, "m"));
    }
  });

  it("stand on the broker, of very many the oldest, with their number", () => {
    for (let meter = 0; meter < 250; meter++) raise("meter-silent", `m${meter}`);
    const {
      ok,
      state,
      raised: number,
      alarms: named,
    } = statusShape.parse(JSON.parse(statusMessage("running", alarms)));
    assert.deepEqual([ok, state, number, named.length], [true, "running", 250, 100]);
    assert.equal(statusShape.parse(JSON.parse(statusMessage("lost", alarms))).ok, false);
  });

  it("stand in the log with kind, subject and remedy as fields", () => {
    const lines: string[] = [];
    const stream = new Writable({
      write(line, _, done) {
        lines.push(String(line));
        done();
      },
    });
    const log = pino(stream);
    const logged = new Alarms(
      (alarm) => log.warn(alarm, alarm.text),
      () => now,
    );
    logged.raise({ kind: "meter-silent", subject: "a", text: "a is silent", remedy: "See its power" });
    const { kind, subject, remedy, msg } = lineShape.parse(JSON.parse(lines[0] ?? ""));
    assert.deepEqual([kind, subject, remedy, msg], ["meter-silent", "a", "See its power", "a is silent"]);
  });

  it("are all in docs/oracle.md, with what they mean, what to do, when they are over and whether they stop the oracle", () => {
    const docs = readFileSync(join(import.meta.dirname, "../../docs/oracle.md"), "utf8");
    const rows = docs.split("\n").filter((line) => line.startsWith("| `"));
    for (const kind of ALARM_KINDS) {
      const [row, ...others] = rows.filter((line) => line.startsWith(`| \`${kind}\``));
      assert(row !== undefined && others.length === 0, `one line of docs/oracle.md has ${kind}`);
      const cells = row.split("|").map((cell) => cell.trim());
      assert.equal(cells.filter((cell) => cell !== "").length, 4, row);
      assert.equal(cells[1]?.endsWith("**503**"), stopsWork(kind), `${kind} says whether it makes /health answer 503`);
    }
  });
});
