/** A real Mosquitto with TLS, a password or certificate for each client and an access list, on free ports. */

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
  /** Where a certificate stands for name and password. */
  readonly certificateUrl: string;
  readonly ca: string;
  /** Makes a certificate by which a client is known as `name`. Returns the files. */
  certify(name: string): { readonly certificate: string; readonly key: string };
  start(): Promise<void>;
  /** As a crash ends it. */
  kill(): Promise<void>;
};

/**
 * The oracle may read everything, `meters` may write for all meters, and whoever else is named is a meter that may write under
 * its own topic alone: `condivisa/NAME`.
 * @param clients names and passwords
 */
export async function mosquitto(folder: string, clients: Readonly<Record<string, string>>): Promise<Broker> {
  mkdirSync(folder, { recursive: true });
  const [port, certificatePort] = [await freePort(), await freePort()];
  const openssl = makeCertificates(folder);
  const passwords = join(folder, "passwords");
  writeFileSync(passwords, "", { mode: 0o600 });
  for (const [name, password] of Object.entries(clients)) {
    assert.equal(spawnSync("mosquitto_passwd", ["-b", passwords, name, password]).status, 0);
  }
  const rights = (name: string) => {
    if (name === "oracle") return ["read condivisa/#", "write condivisa/oracle/#", "write condivisa/oracles/#"];
    return [name === "meters" ? "write condivisa/#" : `write condivisa/${name}`];
  };
  const entries = Object.keys(clients).flatMap((name) => [
    `user ${name}`,
    ...rights(name).map((right) => `topic ${right}`),
  ]);
  writeFileSync(join(folder, "acl"), `${entries.join("\n")}\n`, { mode: 0o600 });
  const file = join(folder, "mosquitto.conf");
  const tls = `cafile ${folder}/ca.pem
certfile ${folder}/server.pem
keyfile ${folder}/server.key`;
  writeFileSync(
    file,
    `user root
listener ${port} 127.0.0.1
${tls}
listener ${certificatePort} 127.0.0.1
${tls}
require_certificate true
use_identity_as_username true
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
    certificateUrl: `mqtts://localhost:${certificatePort}`,
    ca,
    certify(name) {
      openssl("req", ...KEY, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
      openssl("x509", "-req", "-in", `${name}.csr`, ...SIGNED, "-out", `${name}.pem`);
      return { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
    },
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

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
const SIGNED = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];

/** An authority of the test's own, and the broker's certificate for localhost. Returns what makes more of them. */
function makeCertificates(folder: string): (...args: string[]) => void {
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  };
  openssl("req", "-x509", ...KEY, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test authority", "-days", "2");
  openssl("req", ...KEY, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
  writeFileSync(join(folder, "names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  openssl("x509", "-req", "-in", "server.csr", ...SIGNED, "-extfile", "names", "-out", "server.pem");
  return openssl;
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
