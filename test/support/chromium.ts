/** A real browser with a virtual passkey device, driven over the DevTools protocol. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { until } from "./processes.ts";

const PROGRAMS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const PROGRAM = PROGRAMS.find((path) => existsSync(path));

/** Whether this machine has one; `.ci/run` installs it. */
export const HAS_CHROMIUM = PROGRAM !== undefined;

export type Page = {
  readonly open: (url: string) => Promise<void>;
  /** The value of an expression, as JSON carries it. */
  readonly value: (expression: string) => Promise<unknown>;
  /** Waits until the page shows this text. */
  readonly shows: (text: string) => Promise<void>;
  readonly click: (selector: string) => Promise<void>;
  readonly picture: (file: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

const messageShape = z.looseObject({
  id: z.number().optional(),
  method: z.string().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});

/** A page whose device has a passkey chip that always says yes. */
export async function chromiumPage(): Promise<Page> {
  const folder = mkdtempSync(join(tmpdir(), "condivisa-chromium-"));
  const flags = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--lang=it",
    "--window-size=900,700",
  ];
  const debugging = ["--remote-debugging-port=0", `--user-data-dir=${folder}`, "about:blank"];
  const child = spawn(PROGRAM ?? "", [...flags, ...debugging], { stdio: "ignore" });
  const portFile = join(folder, "DevToolsActivePort");
  await until("the browser's port", () => existsSync(portFile) && readFileSync(portFile, "utf8").includes("\n"));
  const [port = ""] = readFileSync(portFile, "utf8").split("\n");
  const list = z.array(z.object({ type: z.string(), webSocketDebuggerUrl: z.string() }));
  const targets = list.parse(await (await fetch(`http://127.0.0.1:${port}/json/list`)).json());
  const target = targets.find(({ type }) => type === "page");
  const { call, end, said } = await connect(target?.webSocketDebuggerUrl ?? "");
  await call("Log.enable");
  await call("Runtime.enable");
  await call("Page.enable");
  await call("WebAuthn.enable");
  const device = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true };
  await call("WebAuthn.addVirtualAuthenticator", { options: { ...device, isUserVerified: true } });

  const value = async (expression: string) => {
    const shape = z.object({
      result: z.looseObject({ value: z.unknown().optional() }),
      exceptionDetails: z.unknown().optional(),
    });
    const answer = shape.parse(await call("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true }));
    if (answer.exceptionDetails !== undefined)
      throw new Error(`${expression}: ${JSON.stringify(answer.exceptionDetails)}`);
    return answer.result.value;
  };
  const userAgent = await value("navigator.userAgent");
  await call("Emulation.setUserAgentOverride", { userAgent, acceptLanguage: "it-IT" });
  return {
    value,
    async open(url) {
      await call("Page.navigate", { url });
    },
    async shows(text) {
      let shown = "";
      const isShown = async () => {
        shown = String(await value("document.body?.innerText ?? ''"));
        return shown.includes(text);
      };
      await until(`the page to show «${text}»`, isShown, 30).catch((error: unknown) => {
        throw new Error(`${String(error)}; it shows «${shown}»; it said ${said.join("\n")}`);
      });
    },
    async click(selector) {
      await value(`document.querySelector(${JSON.stringify(selector)}).click()`);
    },
    async picture(file) {
      const { data } = z.object({ data: z.string() }).parse(await call("Page.captureScreenshot", { format: "png" }));
      writeFileSync(file, Buffer.from(data, "base64"));
    },
    async close() {
      end();
      await ended(child);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function connect(url: string) {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error(`${url} does not answer`)));
  });
  /** What the page's console said of errors. */
  const said: string[] = [];
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result, error, method } = messageShape.parse(JSON.parse(String(data)));
    if (method === "Log.entryAdded" || method === "Runtime.exceptionThrown") said.push(String(data));
    const call = waiting.get(id ?? 0);
    waiting.delete(id ?? 0);
    if (error !== undefined) call?.reject(new Error(error.message));
    else call?.resolve(result);
  });
  let count = 0;
  const call = (method: string, params: object = {}) =>
    new Promise<unknown>((resolve, reject) => {
      count++;
      waiting.set(count, { resolve, reject });
      socket.send(JSON.stringify({ id: count, method, params }));
    });
  return { call, said, end: () => socket.close() };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
