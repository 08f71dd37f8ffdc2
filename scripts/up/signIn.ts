/** `condivisa sign-in`: an officer's session, with the officer's key that lies in the folder of `up`. */

import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { API_PREFIX } from "../../api/http/openapi.ts";
import { LOCAL_SESSION_COOKIE } from "../../api/http/sessionCookie.ts";
import { readKeyring } from "../keyring.ts";
import { settlementFolder, writeWhole } from "../settlementFolder.ts";
import { UpError, type UpFolder } from "./folder.ts";

export type Office = "treasurer" | "president" | "auditor" | "secretary";

export type Session = {
  readonly site: string;
  readonly wallet: string;
  /** The session's secret, as the header that gives it to a browser has it. */
  readonly setCookie: string;
  readonly idleSeconds: number;
  readonly mostSeconds: number;
};

/** How long the link for the browser is good. */
export const LINK_SECONDS = 300;
const LOOPBACK = "127.0.0.1";
const TOKEN_BYTES = 24;

/** Signs the message of EIP-4361 with the office's key. @throws UpError if the API does not let it in */
export async function signIn(folder: UpFolder, site: string, office: Office): Promise<Session> {
  const account = privateKeyToAccount(readKeyring(settlementFolder(folder.settlement).keys)[office]);
  const asked = await post(site, "/sign-in/wallet/message", { wallet: account.address });
  const { message } = z.object({ message: z.string() }).parse(await asked.json());
  const signature = await account.signMessage({ message });
  const answer = await post(site, "/sign-in/wallet", { message, signature });
  const given = z.object({ idleSeconds: z.int(), mostSeconds: z.int() }).parse(await answer.json());
  return { site, wallet: account.address, setCookie: answer.headers.get("set-cookie") ?? "", ...given };
}

/** Writes the session where curl finds it: a file for the owner's eyes only, which `curl --cookie` reads. */
export function writeCookies(folder: UpFolder, office: Office, { setCookie }: Session): string {
  mkdirSync(folder.signIn, { recursive: true, mode: 0o700 });
  const file = join(folder.signIn, office);
  const token = setCookie.slice(setCookie.indexOf("=") + 1).split(";")[0];
  const line = ["#HttpOnly_localhost", "FALSE", "/", "FALSE", "0", LOCAL_SESSION_COOKIE, token].join("\t");
  writeWhole(file, `# Netscape HTTP Cookie File\n${line}`, 0o600);
  return file;
}

/**
 * A link on this machine that gives the session to the browser that opens it first. Cookies are of a host, whatever the port.
 * @returns the link, and whether it was opened before its time was over
 */
export async function browserLink(
  { site, setCookie }: Session,
  to: string,
): Promise<{ readonly link: string; readonly opened: Promise<boolean> }> {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const opened = Promise.withResolvers<boolean>();
  let isUsed = false;
  const server = createServer((request, response) => {
    const { port } = bound();
    if (isUsed || request.url !== `/${token}` || request.headers.host !== `localhost:${port}`) {
      response.writeHead(404).end();
      return;
    }
    isUsed = true;
    response.writeHead(303, { "Set-Cookie": setCookie, Location: `${site}${to}`, "Cache-Control": "no-store" }).end();
    response.once("close", () => opened.resolve(true));
  });
  const bound = () => z.object({ port: z.int() }).parse(server.address());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, LOOPBACK, resolve);
  });
  const over = new AbortController();
  void sleep(LINK_SECONDS * 1000, false, { signal: over.signal }).then(opened.resolve, () => undefined);
  return {
    link: `http://localhost:${bound().port}/${token}`,
    opened: opened.promise.finally(() => {
      over.abort();
      server.close();
      server.closeAllConnections();
    }),
  };
}

async function post(site: string, path: string, body: unknown): Promise<Response> {
  const response = await fetch(`${site}${API_PREFIX}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch((error: unknown) => {
    throw new UpError(`no API answers at ${site}: start it with \`./condivisa up\``, { cause: error });
  });
  if (response.ok) return response;
  const { detail } = z.object({ detail: z.string().default("") }).parse(await response.json().catch(() => ({})));
  throw new UpError(`the API at ${site} refuses (${response.status}): ${detail}`);
}
