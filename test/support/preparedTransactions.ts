/** Has transactions prepared by an API, signs them with the wallets of a stage, and sends them: as an officer would. */

import assert from "node:assert/strict";
import { z } from "zod";
import { prepared } from "../../api/schemas/treasury.ts";
import { TRANSACTION_GAS_CAP } from "../../chain/embedded.ts";
import { officer } from "./apiCallers.ts";
import type { ApiWorld } from "./apiWorld.ts";
import type { Role } from "./communityOnChain.ts";
import type { Answer, Browser } from "./registerApi.ts";

export type Officer = "treasurer" | "president" | "auditor";
export type Prepared = z.infer<typeof prepared>;

const sendable = z.object({
  to: z.templateLiteral(["0x", z.string()]),
  data: z.templateLiteral(["0x", z.string()]),
});

export class Officers {
  readonly #world: Omit<ApiWorld, "community">;
  readonly #browsers: Readonly<Record<Officer, Browser>>;

  private constructor(world: Omit<ApiWorld, "community">, browsers: Readonly<Record<Officer, Browser>>) {
    this.#world = world;
    this.#browsers = browsers;
  }

  /** @param world whose community 1 has the officers of its stage */
  static async signIn(world: Omit<ApiWorld, "community">): Promise<Officers> {
    const { url } = world.api;
    return new Officers(world, {
      treasurer: (await officer(url, "treasurer")).browser,
      president: (await officer(url, "president")).browser,
      auditor: (await officer(url, "auditor")).browser,
    });
  }

  browser(role: Officer): Browser {
    return this.#browsers[role];
  }

  ask(role: Officer, action: object, more: object = {}): Promise<Answer> {
    return this.#browsers[role].ask("POST", "/communities/1/treasury/transactions", { action, ...more });
  }

  async prepare(role: Officer, action: object): Promise<Prepared> {
    const answer = await this.ask(role, action);
    assert.equal(answer.status, 200, answer.text);
    return prepared.parse(answer.body);
  }

  /** Prepares, asserts that the first is accepted, sends all in order, and waits until the index has them. */
  async act(role: Officer, action: object): Promise<Prepared> {
    const all = await this.prepare(role, action);
    await this.send(role, all);
    return all;
  }

  async send(role: Role, { transactions }: Prepared): Promise<void> {
    assert.deepEqual(transactions[0]?.check, { result: "accepted" });
    const { client, people } = this.#world.stage;
    const { account } = people[role];
    for (const transaction of transactions) {
      const nonce = await client.getTransactionCount({ address: account.address });
      const serializedTransaction = await account.signTransaction({
        ...sendable.parse(transaction),
        ...{ type: "eip1559", chainId: transaction.chainId, value: BigInt(transaction.value), nonce },
        ...{ gas: TRANSACTION_GAS_CAP, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n },
      });
      const hash = await client.sendRawTransaction({ serializedTransaction });
      const { status } = await client.waitForTransactionReceipt({ hash, pollingInterval: 20 });
      assert.equal(status, "success", transaction.description.en);
    }
    await this.#world.caughtUp();
  }
}
