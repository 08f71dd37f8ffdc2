/** What `simulate-meters` is given: everything wrong is named before anything is sent. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SimulatedMeters, simulateMeters } from "../../scripts/simulateMeters.ts";
import { InputError } from "../../settlement/inputProblem.ts";

const HEADER = "meter_id,utc_hour,injected_wh,withdrawn_wh";
const FAULTS = { lost: 0, duplicates: 0, late: 0, garbled: 0, silent: [], resets: 0, swaps: 0, seed: 1 };

describe("simulate-meters", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-simulated-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Port 1 has no broker: who gets there fails otherwise. */
  async function refused(readings: string, more: Partial<SimulatedMeters> = {}): Promise<string> {
    const file = join(folder, "readings.csv");
    writeFileSync(file, `${[HEADER, readings].join("\n")}\n`);
    const senders = { username: undefined, passwordFile: undefined };
    const given = {
      readings: file,
      url: "mqtt://127.0.0.1:1",
      senders,
      ca: undefined,
      hoursASecond: undefined,
    } as const;
    const sent = simulateMeters({ ...given, speech: "intervals", faults: FAULTS, ...more }, () => {});
    const error = await sent.then(
      () => assert.fail("sent"),
      (reason: unknown) => reason,
    );
    assert(error instanceof InputError, String(error));
    return error.message;
  }

  it("names hours and amounts that are none, all of them", async () => {
    const message = await refused("home,2026-03-01T08:30:00Z,,1\nhome,2026-03-01T09:00:00Z,,-1");
    assert.match(message, /readings\.csv:2: utc_hour: «2026-03-01T08:30:00Z»: not the start of an hour/);
    assert.match(message, /readings\.csv:3: withdrawn_wh: «-1»: not whole Wh/);
  });

  it("names meters without a line among the passwords", async () => {
    const passwords = join(folder, "passwords.csv");
    writeFileSync(passwords, "meter_id,username,password\nroof,roof,secret\n");
    const message = await refused("home,2026-03-01T08:00:00Z,,1\nroof,2026-03-01T08:00:00Z,1,", {
      senders: { passwords },
    });
    assert.match(message, /passwords\.csv: «home»: no line for this meter/);
    assert.doesNotMatch(message, /roof/);
  });

  it("names meters that are to be silent and are none", async () => {
    const silent = [{ meter: "hom", from: 1, end: undefined }];
    const message = await refused("home,2026-03-01T08:00:00Z,,1", { faults: { ...FAULTS, silent } });
    assert.match(message, /--silent: «hom»: no meter of the readings\. Use one of home/);
  });
});
