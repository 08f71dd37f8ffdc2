import assert from "node:assert/strict";
import { bookRun, EMPTY_BOOKS } from "../../settlement/run.ts";

const MARCH = { configuration: 0, month: 24_314 };
const entitled = (...amounts: [number, bigint][]) => [{ cell: MARCH, byAccount: new Map(amounts) }];
const payees = (...accounts: number[]) => accounts.map((account) => ({ account, minimum: 0n }));
const ACCOUNTS = payees(1, 2, 3);

describe("booking a run", () => {
  it("pays what is owed when there is enough", () => {
    const { payouts, payable } = bookRun(EMPTY_BOOKS, entitled([1, 60n], [2, 40n]), 100n, ACCOUNTS);
    assert.equal(payable, 100n);
    assert.deepEqual(
      payouts.map(({ account, delta, amount, owed }) => [account, delta, amount, owed]),
      [
        [1, 60n, 60n, 0n],
        [2, 40n, 40n, 0n],
      ],
    );
  });

  it("pays all the same fraction when funds fall short, and the rest later", () => {
    const short = bookRun(EMPTY_BOOKS, entitled([1, 60n], [2, 40n]), 50n, ACCOUNTS);
    assert.deepEqual(
      short.payouts.map(({ amount, owed }) => [amount, owed]),
      [
        [30n, 30n],
        [20n, 20n],
      ],
    );
    const later = bookRun(short.books, entitled([1, 60n], [2, 40n]), 50n, ACCOUNTS);
    assert.deepEqual(
      later.payouts.map(({ delta, amount, owed }) => [delta, amount, owed]),
      [
        [0n, 30n, 0n],
        [0n, 20n, 0n],
      ],
    );
  });

  it("nets a claw-back against later entitlements, and a debtor blocks nobody", () => {
    const first = bookRun(EMPTY_BOOKS, entitled([1, 60n], [2, 40n]), 100n, ACCOUNTS);
    const clawBack = bookRun(first.books, entitled([1, -10n], [2, 50n]), 0n, ACCOUNTS);
    assert.equal(clawBack.books.owed.get(1), -70n);
    assert.equal(clawBack.payable, 0n);
    const recovered = bookRun(clawBack.books, entitled([1, 20n], [2, 50n]), 10n, ACCOUNTS);
    assert.equal(recovered.books.owed.get(1), -40n);
    assert.equal(recovered.books.owed.get(2), 0n);
  });

  it("pays nothing where more was paid than came in, and nothing where nothing is owed", () => {
    const overdrawn = bookRun(EMPTY_BOOKS, entitled([1, 60n]), -5n, ACCOUNTS);
    assert.deepEqual([overdrawn.payable, overdrawn.books.owed.get(1)], [0n, 60n]);
    const nothing = bookRun(EMPTY_BOOKS, entitled([1, -60n]), 100n, ACCOUNTS);
    assert.deepEqual([nothing.totalOwed, nothing.payable], [0n, 0n]);
  });

  it("lets less than the minimum wait, and pays the minimum itself", () => {
    const least = [
      { account: 1, minimum: 60n },
      { account: 2, minimum: 60n },
      { account: 3, minimum: undefined },
    ];
    const { payouts, books } = bookRun(EMPTY_BOOKS, entitled([1, 60n], [2, 59n], [3, 500n]), 1000n, least);
    assert.deepEqual(
      payouts.map(({ account, amount, owed }) => [account, amount, owed]),
      [
        [1, 60n, 0n],
        [2, 0n, 59n],
        [3, 0n, 500n],
      ],
    );
    assert.deepEqual(books.paid, new Map([1, 2, 3].map((account) => [account, account === 1 ? 60n : 0n])));
  });

  it("of a fraction that falls below the minimum, all of it waits", () => {
    const short = bookRun(EMPTY_BOOKS, entitled([1, 60n], [2, 40n]), 50n, [{ account: 1, minimum: 31n }]);
    assert.deepEqual(short.payouts, [{ account: 1, delta: 60n, amount: 0n, owed: 60n }]);
  });

  it("running again over the same months books no difference", () => {
    const first = bookRun(EMPTY_BOOKS, entitled([1, 60n], [2, 40n]), 100n, ACCOUNTS);
    assert.deepEqual(bookRun(first.books, entitled([1, 60n], [2, 40n]), 100n, ACCOUNTS).payouts, []);
  });

  it("an account that lost its entitlement is booked down", () => {
    const first = bookRun(EMPTY_BOOKS, entitled([1, 60n]), 60n, ACCOUNTS);
    const second = bookRun(first.books, entitled([2, 60n]), 0n, ACCOUNTS);
    assert.equal(second.books.owed.get(1), -60n);
    assert.equal(second.books.owed.get(2), 60n);
  });
});
