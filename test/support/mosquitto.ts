/** A real Mosquitto with TLS, a password for each client and an access list, on a free port. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { connectAsync } from "mqtt";

const PROGRAM = "/usr/sbin/mosquitto";

/** Whether this machine has one; `.ci/run` installs it. */
export const HAS_MOSQUITTO = existsSync(PROGRAM) && spawnSync("openssl", ["version"]).status === 0;

export type Broker = {
  readonly url: string;
  readonly ca: string;
  start(): Promise<void>;
  /** As a crash ends it. */
  kill(): Promise<void>;
};

/**
 * Everybody may write under `condivisa/` and read what is their own; the oracle may read everything.
 * @param clients names and passwords
 */
export async function mosquitto(folder: string, clients: Readonly<Record<string, string>>): Promise<Broker> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  makeCertificates(folder);
  const passwords = join(folder, "passwords");
  writeFileSync(passwords, "", { mode: 0o600 });
  for (const [name, password] of Object.entries(clients)) {
    assert.equal(spawnSync("mosquitto_passwd", ["-b", passwords, name, password]).status, 0);
  }
  writeFileSync(
    join(folder, "acl"),
    `user oracle
topic read condivisa/#
topic write condivisa/oracle/#
topic write condivisa/oracles/#
user meters
topic write condivisa/#
pattern write condivisa/%u
`,
    { mode: 0o600 },
  );
  const file = join(folder, "mosquitto.conf");
  writeFileSync(
    file,
    `listener ${port} 127.0.0.1
cafile ${folder}/ca.pem
certfile ${folder}/server.pem
keyfile ${folder}/server.key
user root
password_file ${passwords}
acl_file ${folder}/acl
persistence true
persistence_location ${folder}/
autosave_interval 1
max_inflight_messages 1000
max_queued_messages 0
`,
  );
  let broker: ChildProcess | undefined;
  const url = `mqtts://localhost:${port}`;
  const ca = join(folder, "ca.pem");
  return {
    url,
    ca,
    async start() {
      broker = spawn(PROGRAM, ["-c", file], { stdio: "ignore" });
      await isListening(port);
    },
    async kill() {
      const ended =
        broker && broker.exitCode === null ? new Promise((resolve) => broker?.once("exit", resolve)) : undefined;
      broker?.kill("SIGKILL");
      await ended;
    },
  };
}

/** An authority of the test's own, and the broker's certificate for localhost. */
function makeCertificates(folder: string): void {
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test authority", "-days", "2");
  openssl("req", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
  writeFileSync(join(folder, "names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
  openssl("x509", "-req", "-in", "server.csr", ...signed, "-out", "server.pem");
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      assert(typeof address === "object" && address !== null);
      server.close(() => resolve(address.port));
    });
  });
}

async function isListening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const client = await connectAsync(`mqtts://localhost:${port}`, {
      rejectUnauthorized: false,
      reconnectPeriod: 0,
      connectTimeout: 1000,
    }).catch((error: unknown) => error);
    // Without a password one is refused: by a broker that is there.
    if (client instanceof Error && !/ECONNREFUSED/.test(String(client))) return;
    if (!(client instanceof Error)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail("the broker does not listen");
}
