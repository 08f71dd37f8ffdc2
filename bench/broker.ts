/** A Mosquitto for measurements, on the loopback address, without passwords. */

import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import { InputError } from "../settlement/inputProblem.ts";

const PROGRAM = "/usr/sbin/mosquitto";
/** Of Linux: what /proc counts processor time in, a second. */
const TICKS = 100;

export type Broker = {
  readonly url: string;
  /** Seconds of processor time it has used; undefined where /proc does not say. */
  readonly processorSeconds: () => number | undefined;
  readonly stop: () => void;
};

/** Everything that is sent waits for whoever subscribed. Throws InputError if there is no Mosquitto. */
export async function startBroker(folder: string): Promise<Broker> {
  if (!existsSync(PROGRAM)) {
    const remedy = "Install it (Debian: mosquitto)";
    throw new InputError([{ file: PROGRAM, problem: "there is no Mosquitto here", remedy }]);
  }
  const port = await freePort();
  const url = `mqtt://127.0.0.1:${port}`;
  const file = join(folder, "mosquitto.conf");
  const settings = ["allow_anonymous true", "max_inflight_messages 10000", "max_queued_messages 0"];
  writeFileSync(file, [`listener ${port} 127.0.0.1`, ...settings, ""].join("\n"));
  const broker = spawn(PROGRAM, ["-c", file], { stdio: "ignore" });
  for (;;) {
    try {
      await (await connectAsync(url, { reconnectPeriod: 0 }, false)).endAsync();
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return { url, processorSeconds: () => processorSeconds(broker.pid), stop: () => broker.kill() };
}

function processorSeconds(pid: number | undefined): number | undefined {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return undefined;
  // After the name in brackets, which may hold anything, user and system time are the 12th and 13th field.
  const fields = readFileSync(file, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
