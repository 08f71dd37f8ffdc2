/**
 * The folder of a settlement: the chain's journal, the keys, where the contracts are and who is who.
 *
 * ```
 * chain.sqlite      every transaction of the chain, in order
 * keys.json         one key a role; for the operator's eyes only
 * deployment.json   the contracts' addresses
 * register.json     names and meters behind the numbers on the chain
 * statements/       one a member, JSON and text
 * redemptions/      payment orders for the bank, with names and IBANs
 * settlement.json   the treasurer's table
 * audit.json        what the audit found
 * ```
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, getAddress, isAddress } from "viem";
import { z } from "zod";
import type { CommunityAddresses } from "../chain/deploy.ts";
import type { CommunityPlan, KnownNumbers } from "../oracle/communityPlan.ts";
import type { History } from "../settlement/history.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { channelsOf, decodeRoster } from "../settlement/roster.ts";
import { toJson } from "./table.ts";

const FILES = {
  journal: "chain.sqlite",
  keys: "keys.json",
  deployment: "deployment.json",
  register: "register.json",
  statements: "statements",
  redemptions: "redemptions",
  settlement: "settlement.json",
  audit: "audit.json",
} as const;

const address = z
  .custom<Address>((value) => typeof value === "string" && isAddress(value))
  .transform((value) => getAddress(value));

const deploymentShape = z.strictObject({
  chainId: z.int(),
  roles: address,
  community: address,
  ruleBook: address,
  receiptBook: address,
  treasury: address,
  token: address,
  redemptions: address,
  ledgers: z.array(address),
});

const registerShape = z.strictObject({
  community: z.string(),
  accounts: z.array(
    z.strictObject({
      number: z.int(),
      id: z.string(),
      name: z.string(),
      kind: z.enum(["member", "producer", "fund", "reserve"]),
      social: z.boolean(),
      wallet: address.optional(),
    }),
  ),
  meters: z.array(
    z.strictObject({
      id: z.string(),
      configuration: z.int(),
      injection: z.int().optional(),
      withdrawal: z.int().optional(),
      plant: z.int().optional(),
      terms: z.string(),
    }),
  ),
  configurations: z.array(z.strictObject({ area: z.string(), nonIncentivisedLast: z.boolean() })),
});

export type Register = z.infer<typeof registerShape>;

/** Paths of everything in a settlement's folder. */
export type SettlementFolder = Readonly<Record<keyof typeof FILES | "path", string>>;

export function settlementFolder(path: string): SettlementFolder {
  return {
    path,
    journal: join(path, FILES.journal),
    keys: join(path, FILES.keys),
    deployment: join(path, FILES.deployment),
    register: join(path, FILES.register),
    statements: join(path, FILES.statements),
    redemptions: join(path, FILES.redemptions),
    settlement: join(path, FILES.settlement),
    audit: join(path, FILES.audit),
  };
}

/** Refuses a folder that holds something else than a settlement. */
export function checkFolder(folder: SettlementFolder): void {
  if (!existsSync(folder.path)) return;
  const names = new Set<string>(Object.values(FILES));
  const strange = readdirSync(folder.path).find((name) => !names.has(name.replace(/(\.tmp|-wal|-shm|-journal)$/, "")));
  if (strange === undefined) return;
  throw new InputError([
    {
      file: folder.path,
      field: "--out",
      value: strange,
      problem: "the folder holds something that is not a settlement's",
      remedy: "Name an empty or a new folder, or one that an earlier settlement made",
    },
  ]);
}

/** Where the community's contracts are; undefined if the settlement did not come so far. */
export function readDeployment(folder: SettlementFolder): CommunityAddresses | undefined {
  if (!existsSync(folder.deployment)) return undefined;
  return parseFile(folder.deployment, deploymentShape);
}

/** A folder into which a settlement has been made. */
export function openSettlement(path: string): {
  readonly folder: SettlementFolder;
  readonly register: Register;
  readonly at: CommunityAddresses;
} {
  const folder = settlementFolder(path);
  const register = readRegister(folder);
  const at = readDeployment(folder);
  if (at === undefined) {
    const remedy = "Run `./condivisa settle` again: it goes on where it stopped";
    throw new InputError([
      { file: folder.deployment, problem: "no such file: the settlement was interrupted", remedy },
    ]);
  }
  return { folder, register, at };
}

export function writeDeployment(folder: SettlementFolder, chainId: number, at: CommunityAddresses): void {
  writeWhole(folder.deployment, toJson({ chainId, ...at }));
}

export function readRegister(folder: SettlementFolder): Register {
  if (!existsSync(folder.register)) {
    const remedy = "Name the folder that `./condivisa settle --out` wrote";
    throw new InputError([{ file: folder.register, problem: "no such file: this is no settlement's folder", remedy }]);
  }
  return parseFile(folder.register, registerShape);
}

/** @param known what the register had, of which the plan may no longer have everything */
export function writeRegister(folder: SettlementFolder, plan: CommunityPlan, known?: KnownNumbers): void {
  writeWhole(folder.register, toJson(registerOf(plan, known)));
}

/** The numbers of a register that are on the chain: others were written down by a settlement that did not come so far. */
export function knownNumbers({ accounts, meters }: Register, history: History): KnownNumbers {
  const highest = history.ledgers.map(({ rosters }) => {
    const all = rosters.map(({ blob }) => decodeRoster(blob));
    return {
      channel: Math.max(0, ...all.flatMap((roster) => channelsOf(roster).map(({ number }) => number))),
      plant: Math.max(0, ...all.flatMap(({ plants }) => plants.map(({ number }) => number))),
    };
  });
  return {
    accounts: accounts.filter(({ number }) => number <= history.accounts.length),
    meters: meters
      .map((meter) => ({ injection: undefined, withdrawal: undefined, plant: undefined, ...meter }))
      .filter(({ configuration, injection = 0, withdrawal = 0, plant = 0 }) => {
        const given = highest[configuration] ?? { channel: 0, plant: 0 };
        return Math.max(injection, withdrawal) <= given.channel && plant <= given.plant;
      }),
  };
}

/** Refuses a community file in which what exists on the chain is something else. */
export function checkRegister(folder: SettlementFolder, plan: CommunityPlan, known: KnownNumbers, file: string): void {
  const before = readRegister(folder);
  const now = registerOf(plan);
  const exists = new Set(known.accounts.map(({ number }) => number));
  const existing = (register: Register) => register.accounts.filter(({ number }) => exists.has(number)).map(enrolledAs);
  const parts = [
    ["members or funds", existing(before), existing(now)],
    ["configurations", before.configurations, now.configurations],
  ] as const;
  for (const [what, old, current] of parts) {
    if (toJson(old) === toJson(current)) continue;
    throw new InputError([
      {
        file,
        field: what,
        problem: `not those with which ${folder.path} was begun`,
        remedy:
          "Put them back as they were, or settle into a new folder; names, further members and funds, dates of meters and later rule sets may change",
      },
    ]);
  }
}

function registerOf(plan: CommunityPlan, known?: KnownNumbers): Register {
  const meters = new Map<string, Register["meters"][number]>();
  for (const { id, configuration, injection, withdrawal, plant, terms } of [...(known?.meters ?? []), ...plan.meters]) {
    const numbers = `${configuration} ${injection} ${withdrawal}`;
    meters.set(numbers, { id, configuration, injection, withdrawal, plant, terms });
  }
  return {
    community: plan.name,
    accounts: [...plan.accounts],
    meters: [...meters.values()],
    configurations: plan.configurations.map(({ area, nonIncentivisedLast }) => ({ area, nonIncentivisedLast })),
  };
}

/** What stays as it was enrolled: names are free, and wallets are compared with the chain's. */
function enrolledAs({ number, id, kind, social }: Register["accounts"][number]) {
  return { number, id, kind, social };
}

/** Makes the folder for the settlement's files, for the owner's eyes only: it holds everyone's readings. */
export function makeFolder(folder: SettlementFolder): void {
  mkdirSync(folder.path, { recursive: true, mode: 0o700 });
}

/** Writes a file so that at any moment there is the old one or the new one. */
export function writeWhole(file: string, text: string, mode = 0o644): void {
  writeFileSync(`${file}.tmp`, `${text}\n`, { mode });
  renameSync(`${file}.tmp`, file);
}

function parseFile<T>(file: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    const remedy = "Put the file back as `./condivisa settle` wrote it, or settle into a new folder";
    throw new InputError([{ file, problem: "damaged", remedy }]);
  }
}
