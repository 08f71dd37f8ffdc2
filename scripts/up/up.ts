/** `condivisa up`: chain, broker, oracle, API and meters of one community, in one command, until it is told to stop. */

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { REGISTER_FILE } from "../../api/register/store.ts";
import { InputError } from "../../settlement/inputProblem.ts";
import { inviteByAccount, openRegister } from "../registerFile.ts";
import type { Register } from "../settlementFolder.ts";
import { type CommunityFiles, communityFiles, communityOf, endOfReadings, fingerprint } from "./community.ts";
import { emptyFolder, enterFolder, readSettings, type UpFolder, upFolder, writeSettings } from "./folder.ts";
import { keepRunning, type Part, type PartPlan } from "./parts.ts";
import { checkFree, type Ports, portsFrom } from "./ports.ts";
import { CLI, COMMUNITY, prepareParts, settleInto, siteAt, takeMembersDown } from "./prepare.ts";
import { SAMPLE_MEMBER } from "./sample.ts";
import { drawer, type Heading, linkLines, plainLines, screenText } from "./screen.ts";
import { isApiReady, statusOf, type UpStatus } from "./status.ts";

export type UpOptions = {
  readonly data: string;
  /** The folder of one's own community. */
  readonly community: string | undefined;
  /** The first of five ports; undefined: as before. */
  readonly port: number | undefined;
  readonly fresh: boolean;
  /** Lets one's own community's meters be simulated from the end of its readings on. */
  readonly simulate: boolean;
};

export const DEFAULT_PORT = 8080;
const LOOK_MILLISECONDS = 1000;
const LOOK_WHILE_STARTING_MILLISECONDS = 200;

/**
 * Runs until Ctrl-C.
 * @throws InputError, UpError if it cannot begin
 */
export async function up(options: UpOptions): Promise<void> {
  const begun = performance.now();
  const folder = upFolder(options.data);
  if (options.fresh) emptyFolder(folder);
  const leave = enterFolder(folder);
  try {
    const end = endSignal();
    const before = readSettings(folder);
    const own = communityOf(options.community, before);
    const port = options.port ?? before?.port ?? DEFAULT_PORT;
    const ports = portsFrom(port);
    await checkFree(ports);
    const files = communityFiles(folder, own);
    const settled = fingerprint(files);
    if (before?.settled !== settled) await settleInto(folder, files, end);
    if (end.aborted) return;
    const { register, hasOwnBroker } = await prepareParts(folder, files, ports);
    if (before?.registered !== true) takeMembersDown(folder);
    const simulate = own !== undefined && (options.simulate || before?.simulate === true);
    writeSettings(folder, { ...(own && { community: own }), settled, registered: true, port, simulate });
    const isSimulated = own === undefined || simulate;
    if (isSimulated && hasOwnBroker) throw simulatedElsewhere(files);
    const plans = partPlans(folder, files, ports, hasOwnBroker, isSimulated);
    await runParts(plans, folder, headingOf(folder, register, ports, own), begun, end);
  } finally {
    leave();
  }
}

function partPlans(
  folder: UpFolder,
  files: CommunityFiles,
  ports: Ports,
  hasOwnBroker: boolean,
  isSimulated: boolean,
): PartPlan[] {
  const part = (name: string, ...run: string[]): PartPlan => ({ name, run, log: join(folder.logs, `${name}.log`) });
  const here = (file: string) => join(import.meta.dirname, file);
  const meters = [resolve(folder.path), resolve(files.community), String(endOfReadings(files))];
  return [
    ...(hasOwnBroker ? [] : [part("broker", here("brokerPart.ts"), folder.broker)]),
    part("chain", CLI, "chain", folder.settlement, "--port", String(ports.chain)),
    part("oracle", CLI, "oracle", folder.oracle),
    part("api", CLI, "api", folder.api),
    ...(isSimulated ? [part("meters", here("metersPart.ts"), ...meters)] : []),
  ];
}

/** Starts the parts in their order, shows how they are, and stops them in the opposite order. */
async function runParts(
  plans: readonly PartPlan[],
  folder: UpFolder,
  heading: Heading,
  begun: number,
  end: AbortSignal,
): Promise<void> {
  const parts: Part[] = [];
  const look = () =>
    statusOf(
      folder,
      heading.ports,
      parts.map((part) => part.state()),
    );
  const show = display(heading);
  let readySeconds: number | undefined;
  try {
    for (const plan of plans) {
      if (end.aborted) return;
      parts.push(keepRunning(plan, () => undefined));
      if (plan.name === "chain") await until(async () => (await look()).block !== undefined, end);
    }
    while (!end.aborted) {
      const status = await look();
      if (readySeconds === undefined && (await isReady(status, heading.ports))) {
        readySeconds = Math.round((performance.now() - begun) / 100) / 10;
      }
      show(status, readySeconds);
      const pause = readySeconds === undefined ? LOOK_WHILE_STARTING_MILLISECONDS : LOOK_MILLISECONDS;
      await sleep(pause, undefined, { signal: end }).catch(() => undefined);
    }
  } finally {
    console.log("Stopping …");
    for (const part of parts.toReversed()) await part.stop();
    console.log("Stopped. The same command goes on from here.");
  }
}

/** The API has read everything that the chain had. */
async function isReady({ indexBlock = -1, block }: UpStatus, ports: Ports): Promise<boolean> {
  return block !== undefined && indexBlock >= block && isApiReady(ports);
}

async function until(isTrue: () => Promise<boolean>, end: AbortSignal): Promise<void> {
  while (!end.aborted && !(await isTrue())) {
    await sleep(LOOK_WHILE_STARTING_MILLISECONDS, undefined, { signal: end }).catch(() => undefined);
  }
}

function display(heading: Heading): (status: UpStatus, readySeconds: number | undefined) => void {
  const now = () => Math.floor(Date.now() / 1000);
  if (process.stdout.isTTY) {
    const draw = drawer(process.stdout);
    return (status, readySeconds) => draw(screenText(heading, status, readySeconds, now()));
  }
  const said = new Map<string, string>();
  let wasReady = false;
  return (status, readySeconds) => {
    for (const line of plainLines(heading, status, now())) {
      const what = line.slice(0, line.indexOf(":"));
      if (said.get(what) === line) continue;
      said.set(what, line);
      console.log(line);
    }
    if (readySeconds === undefined || wasReady) return;
    wasReady = true;
    console.log([`Ready in ${readySeconds} s.`, ...linkLines(heading)].join("\n"));
  };
}

function headingOf(folder: UpFolder, register: Register, ports: Ports, own: string | undefined): Heading {
  const member = own === undefined ? register.accounts.find(({ id }) => id === SAMPLE_MEMBER) : undefined;
  return {
    community: register.community,
    data: folder.path,
    ports,
    meters: new Set(register.meters.map(({ id }) => id)).size,
    member: member && { name: member.name, link: invitationOf(folder, member.number, ports) },
  };
}

/** A new link for the sample's member; one that was shown before and not used is good no more. */
function invitationOf(folder: UpFolder, account: number, ports: Ports): string {
  const store = openRegister(join(folder.apiData, REGISTER_FILE), folder.registerKeys);
  try {
    const at = Math.floor(Date.now() / 1000);
    const occasion = { who: "operator", community: COMMUNITY, reason: "invite", request: "up", at };
    const [invited] = inviteByAccount(store, { community: COMMUNITY, account, site: siteAt(ports) }, occasion);
    return invited?.link ?? siteAt(ports);
  } finally {
    store.close();
  }
}

function simulatedElsewhere({ meters = "" }: CommunityFiles): InputError {
  const problem = "names a broker, to which simulated meters must not speak";
  const remedy = "Take `mqtt` out of it to try the embedded broker, or leave out --simulate";
  return new InputError([{ file: meters, field: "mqtt", problem, remedy }]);
}

/** Aborted when the process is told to end. */
function endSignal(): AbortSignal {
  const end = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end.abort());
  return end.signal;
}

/** The site of a folder in which `up` runs. */
export function siteOfFolder(folder: UpFolder): string | undefined {
  return existsSync(folder.settings) ? siteAt(portsFrom(readSettings(folder)?.port ?? DEFAULT_PORT)) : undefined;
}
