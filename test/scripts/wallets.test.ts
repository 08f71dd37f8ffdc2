import assert from "node:assert/strict";
import { type Address, getAddress } from "viem";
import type { PlannedAccount } from "../../oracle/communityPlan.ts";
import { checkWallets, type WalletHistory, walletsOf } from "../../scripts/wallets.ts";
import { InputError } from "../../settlement/inputProblem.ts";
import { keyOf } from "../support/communityOnChain.ts";

/** The chain's address for account 7 of some community: it begins as all of them. */
const KEYLESS = getAddress("0x80b5890e46c4d042b542e58f0e13737e00e14d4a");
const [FIRST, SECOND, STRANGE] = ["first", "second", "strange"].map((name) => keyOf(name).address);

describe("wallets of the community file", () => {
  const account = (number: number, payee = KEYLESS) => ({ number, payee });
  const change = (number: number, from = KEYLESS, to = KEYLESS) => ({ account: 1, change: number, from, to });
  const planned = (wallet?: Address): PlannedAccount => {
    return { number: 1, id: "conti", name: "Conti", kind: "member", social: false, wallet };
  };
  const linked: WalletHistory = {
    accounts: [account(1, SECOND)],
    tokens: { payeeChanges: [change(1, KEYLESS, FIRST), change(4, FIRST, SECOND)] },
  };
  const lost: WalletHistory = {
    accounts: [account(1)],
    tokens: { payeeChanges: [change(1, KEYLESS, FIRST), change(2, FIRST, KEYLESS)] },
  };

  it("are the chain's, and none where nobody holds a key", () => {
    assert.deepEqual(
      [...walletsOf({ accounts: [account(1), account(2, FIRST)] })],
      [
        [1, undefined],
        [2, FIRST],
      ],
    );
  });

  it("pass if they are the chain's, and those of accounts to come", () => {
    checkWallets("c.yaml", { accounts: [planned(SECOND)] }, linked);
    checkWallets("c.yaml", { accounts: [planned()] }, lost);
    checkWallets("c.yaml", { accounts: [planned(STRANGE)] }, { accounts: [], tokens: { payeeChanges: [] } });
  });

  const refused = (wallet: Address | undefined, history: WalletHistory): string => {
    try {
      checkWallets("c.yaml", { accounts: [planned(wallet)] }, history);
    } catch (error) {
      assert(error instanceof InputError);
      return error.message;
    }
    return "accepted";
  };
  const WAY = "another wallet takes its signature and a second person: `./condivisa payee change`";
  for (const { name, wallet, history, problem, remedy } of [
    {
      name: "the one before the last change",
      wallet: FIRST,
      history: linked,
      problem: `«${FIRST}»: replaced by change 4`,
      remedy: `Write \`wallet: "${SECOND}"\` for conti`,
    },
    {
      name: "none, as before the first change",
      wallet: undefined,
      history: linked,
      problem: "«none»: replaced by change 1",
      remedy: `Write \`wallet: "${SECOND}"\` for conti`,
    },
    {
      name: "one that was lost",
      wallet: FIRST,
      history: lost,
      problem: `«${FIRST}»: replaced by change 2`,
      remedy: "Take `wallet` of conti out",
    },
    {
      name: "one that nobody signed for",
      wallet: STRANGE,
      history: linked,
      problem: `«${STRANGE}»: not the account's wallet`,
      remedy: `Write \`wallet: "${SECOND}"\` for conti`,
    },
  ]) {
    it(`refuse ${name}, and say what to write`, () => {
      assert.equal(refused(wallet, history), `c.yaml: wallet of conti: ${problem}. ${remedy}; ${WAY}`);
    });
  }
});
