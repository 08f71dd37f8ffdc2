/** `condivisa register`: what an operator does with the personal register, also while the API runs. */

import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import type { Occasion } from "../api/register/accessLog.ts";
import type { RegisterStore } from "../api/register/store.ts";
import { toJson } from "./table.ts";

type KeyFlags = { readonly keys?: string };
type CommunityFlags = KeyFlags & { readonly community: number };

const REGISTER = "register.sqlite of the API";

/** Adds `register` with its subcommands. */
export function addRegisterCommands(program: Command): void {
  const register = program
    .command("register")
    .description("the personal register: persons, keys, backups, erasure; see docs/register.md")
    .helpCommand(false);
  addKeyCommands(register);
  addPersonCommands(register);
  addRecordCommands(register);
}

/** A subcommand that works on a register with its keys. */
function commandOf(register: Command, name: string, description: string): Command {
  return register
    .command(name)
    .description(description)
    .argument("<sqlite>", REGISTER)
    .option("--keys <json>", "the register's keys; default: CONDIVISA_REGISTER_KEY in the environment");
}

function addKeyCommands(register: Command): void {
  register
    .command("create")
    .description("begin a register and its keys")
    .argument("<sqlite>", "a new file")
    .requiredOption("--keys <json>", "a new file for the keys; keep it elsewhere than the register's backups")
    .action(async (file: string, { keys }: { keys: string }) => {
      const { createRegister } = await import("./registerFile.ts");
      console.log(createRegister(file, keys, now()));
    });

  commandOf(register, "rotate-key", "encrypt everything with another key")
    .option("--drop-old", "take older keys out of the file of keys; backups made before need them", false)
    .action(async (file: string, { keys, dropOld }: KeyFlags & { dropOld: boolean }) => {
      const { rotateKey } = await import("./registerFile.ts");
      const { from, to, fields } = rotateKey(file, keys, dropOld, now());
      console.log(`${fields} fields encrypted anew: key «${to}» in the place of «${from}»`);
    });

  commandOf(register, "backup", "copy a register, also while the API runs")
    .argument("<to>", "a new file")
    .action(async (file: string, to: string, { keys }: KeyFlags) => {
      await withRegister(file, keys, (store) => store.backUp(to));
      console.log(`${to}: a whole copy, encrypted with the same key`);
    });
}

function addPersonCommands(register: Command): void {
  commandOf(register, "import", "take persons down from a file; twice is the same as once")
    .argument(
      "<file>",
      "account,name,email,phone,address,tax_code,iban,pod,meter as .csv; or register.json of a settlement",
    )
    .requiredOption("--community <number>", "whose persons they are", whole)
    .action(async (file: string, from: string, { keys, community }: CommunityFlags) => {
      const { importPersons } = await import("./registerImport.ts");
      const occasion = { ...occasionOf("import"), community };
      const result = await withRegister(file, keys, (store) => importPersons(store, community, from, occasion));
      console.log(`${result.added} added, ${result.changed} changed, ${result.unchanged} as they were`);
    });

  commandOf(register, "list", "who is who in a community")
    .requiredOption("--community <number>", "which one", whole)
    .requiredOption("--reason <text>", "why you look: it is written into the log of accesses")
    .action(async (file: string, { keys, community, reason }: CommunityFlags & { reason: string }) => {
      const { personsText } = await import("./registerFile.ts");
      const occasion = { ...occasionOf(`list: ${reason}`), community };
      console.log(await withRegister(file, keys, (store) => personsText(store, community, occasion)));
    });

  commandOf(register, "invite", "make a link with which a person makes a passkey")
    .requiredOption("--community <number>", "of the person", whole)
    .requiredOption("--account <number>", "of the person", whole)
    .requiredOption("--site <origin>", "where the pages are, as https://cer.example.org")
    .action(async (file: string, options: CommunityFlags & { account: number; site: string }) => {
      const { inviteByAccount } = await import("./registerFile.ts");
      const occasion = { ...occasionOf("invite"), community: options.community };
      const links = await withRegister(file, options.keys, (store) => inviteByAccount(store, options, occasion));
      for (const { person, link } of links) console.log(`person ${person}: ${link}`);
    });

  commandOf(register, "export", "everything that is kept of a person, as JSON, for that person")
    .argument("<person>", "the number in the register", whole)
    .action(async (file: string, person: number, { keys }: KeyFlags) => {
      const { exportText } = await import("./registerFile.ts");
      console.log(await withRegister(file, keys, (store) => exportText(store, person, occasionOf("export"))));
    });

  commandOf(register, "erase", "erase a person; payments are restricted for ten years")
    .argument("<person>", "the number in the register", whole)
    .option("--community <number>", "only what this one knows", whole)
    .action(async (file: string, person: number, { keys, community }: KeyFlags & { community?: number }) => {
      const { eraseText } = await import("./registerFile.ts");
      console.log(await withRegister(file, keys, (store) => eraseText(store, person, community, occasionOf("erase"))));
    });
}

function addRecordCommands(register: Command): void {
  commandOf(register, "keep-payments", "keep what a settlement's files for the bank hold, for ten years")
    .argument("<dir>", "the folder that settle wrote")
    .requiredOption("--community <number>", "whose payments they are", whole)
    .action(async (file: string, dir: string, { keys, community }: CommunityFlags) => {
      const { keepSettledPayments } = await import("./registerPayments.ts");
      const occasion = { ...occasionOf("keep-payments"), community };
      const count = await withRegister(file, keys, (store) => keepSettledPayments(store, community, dir, occasion));
      console.log(`${count} payments kept`);
    });

  commandOf(
    register,
    "payments",
    "all payments kept of a community, restricted ones too: to prove them to an authority",
  )
    .requiredOption("--community <number>", "whose", whole)
    .requiredOption("--reason <text>", "why you look: it is written into the log of accesses")
    .action(async (file: string, { keys, community, reason }: CommunityFlags & { reason: string }) => {
      const { allPayments } = await import("../api/register/payees.ts");
      const occasion = { ...occasionOf(`payments: ${reason}`), community };
      console.log(toJson(await withRegister(file, keys, (store) => allPayments(store, community, occasion))));
    });

  commandOf(register, "purge", "delete what has been kept for long enough; the API does it too, when it starts").action(
    async (file: string, { keys }: KeyFlags) => {
      const { purge } = await import("../api/register/erasure.ts");
      const { payments, accesses, signIns } = await withRegister(file, keys, (store) => purge(store, now()));
      console.log(`${payments} payments, ${accesses} accesses and ${signIns} sign-ins deleted`);
    },
  );

  commandOf(register, "sign-ins", "who signed in and who was refused, the newest first, as JSON").action(
    async (file: string, { keys }: KeyFlags) => {
      const { signInsText } = await import("./registerFile.ts");
      console.log(await withRegister(file, keys, signInsText));
    },
  );
}

async function withRegister<T>(file: string, keys: string | undefined, work: (store: RegisterStore) => T): Promise<T> {
  const { openRegister } = await import("./registerFile.ts");
  const store = openRegister(file, keys);
  try {
    return work(store);
  } finally {
    store.close();
  }
}

/** Of a command: the operator, whose own business it is to know who that was. */
function occasionOf(reason: string): Occasion {
  return { who: "operator", community: undefined, reason, request: "command", at: now() };
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Write a whole number above zero.");
  return Number(text);
}
