/** Sends transactions and waits until they are in a block. */

import {
  type Abi,
  type Account,
  type Address,
  type Chain,
  type ContractFunctionArgs,
  type ContractFunctionName,
  encodeFunctionData,
  type Hex,
  keccak256,
  type PublicClient,
  TransactionNotFoundError,
  type TransactionReceipt,
  type Transport,
  WaitForTransactionReceiptTimeoutError,
} from "viem";
import type { LocalAccount } from "viem/accounts";
import { TRANSACTION_GAS_CAP } from "./embedded.ts";
import { ChainUnreachableError, explain } from "./errors.ts";

export type ChainClient = PublicClient<Transport, Chain>;

const RETRIES = 5;
const FIRST_PAUSE_MILLISECONDS = 250;

/** A person's or service's key on one chain. Sends one transaction at a time, in the order of the calls. */
export class Sender {
  readonly account: LocalAccount;
  readonly #client: ChainClient;
  #nonce: number | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(client: ChainClient, account: LocalAccount) {
    this.account = account;
    this.#client = client;
  }

  get address(): Address {
    return this.account.address;
  }

  /**
   * Calls a contract function in a transaction and waits for its block.
   * @throws ContractRefusedError if the contract refuses: give up
   * @throws ChainUnreachableError if the node does not answer after several tries: retry later
   */
  send<
    const TAbi extends Abi,
    TName extends ContractFunctionName<TAbi, "nonpayable">,
    TArgs extends ContractFunctionArgs<TAbi, "nonpayable", TName> & readonly unknown[],
  >(call: { abi: TAbi; address: Address; functionName: TName; args: TArgs }): Promise<TransactionReceipt> {
    const data = encodeFunctionData<Abi, string>({ abi: call.abi, functionName: call.functionName, args: call.args });
    return this.#enqueue(call.functionName, { to: call.address, data });
  }

  /** Deploys creation code. */
  async deploy(name: string, data: Hex): Promise<Address> {
    const receipt = await this.#enqueue(`deploying ${name}`, { data });
    if (receipt.contractAddress == null) throw new Error(`deploying ${name}: the receipt names no contract`);
    return receipt.contractAddress;
  }

  #enqueue(label: string, request: { to?: Address; data: Hex }): Promise<TransactionReceipt> {
    const sent = this.#queue.then(() => this.#submit(label, request));
    this.#queue = sent.catch(() => undefined);
    return sent;
  }

  /** A refusal shows itself in the call before the transaction, so no nonce is spent on it. */
  async #submit(label: string, request: { to?: Address; data: Hex }): Promise<TransactionReceipt> {
    const call: { account: Account; to?: Address; data: Hex; gas: bigint } = {
      account: this.account,
      ...request,
      gas: TRANSACTION_GAS_CAP,
    };
    await retrying(label, () => this.#client.call({ ...call, blockTag: "pending" }));
    const nonce = await retrying(label, () => this.#nextNonce());
    // Until it is known to be in a block, only the node knows what comes after it.
    this.#nonce = undefined;
    const transaction = await this.account.signTransaction({
      ...request,
      type: "eip1559",
      chainId: this.#client.chain.id,
      nonce,
      gas: TRANSACTION_GAS_CAP,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
    });
    const receipt = await retrying(label, () => this.#deliver(transaction));
    this.#nonce = nonce + 1;
    if (receipt.status === "reverted") {
      await retrying(label, () => this.#client.call({ ...call, blockNumber: receipt.blockNumber }));
      throw new Error(`${label}: reverted in block ${receipt.blockNumber} without a reason`);
    }
    return receipt;
  }

  async #nextNonce(): Promise<number> {
    return this.#nonce ?? (await this.#client.getTransactionCount({ address: this.address, blockTag: "pending" }));
  }

  /** The same signed transaction can be delivered again and again: only one can ever be in a block. */
  async #deliver(transaction: Hex): Promise<TransactionReceipt> {
    const hash = keccak256(transaction);
    try {
      await this.#client.sendRawTransaction({ serializedTransaction: transaction });
    } catch (error) {
      // An answer was lost before, or is lost now: what counts is whether the node has the transaction.
      if (!(await this.#isKnown(hash))) throw error;
    }
    try {
      return await this.#client.waitForTransactionReceipt({ hash, pollingInterval: 20, timeout: 60_000 });
    } catch (error) {
      if (error instanceof WaitForTransactionReceiptTimeoutError) {
        throw new ChainUnreachableError("the transaction is not in a block yet", { cause: error });
      }
      throw error;
    }
  }

  async #isKnown(hash: Hex): Promise<boolean> {
    try {
      await this.#client.getTransaction({ hash });
      return true;
    } catch (error) {
      if (error instanceof TransactionNotFoundError) return false;
      throw error;
    }
  }
}

async function retrying<T>(label: string, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const explained = explain(label, error);
      if (!(explained instanceof ChainUnreachableError) || tries === RETRIES) throw explained;
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MILLISECONDS * 2 ** tries));
    }
  }
}
