/** A year's adjustment split over its months, prepared as receipts. */

import assert from "node:assert/strict";
import { Interface } from "ethers";
import { encodeFunctionData, keccak256, toHex, zeroAddress } from "viem";
import { planAdjustYear, planSplitAdjustment } from "../../../api/treasury/receipts.ts";
import type { CommunityAddresses } from "../../../chain/deploy.ts";
import { endOfMonth, parseMonth } from "../../../settlement/hours.ts";

const AT: CommunityAddresses = {
  ...{ roles: zeroAddress, community: zeroAddress, ruleBook: zeroAddress, treasury: zeroAddress },
  ...{
    token: zeroAddress,
    redemptions: zeroAddress,
    ledgers: [],
    receiptBook: "0x00000000000000000000000000000000000000bb",
  },
};
const DOCUMENT = keccak256(toHex("GSE-2025"));
const DECEMBER = parseMonth("2025-12") ?? 0;
const CONTRACT = new Interface([
  "function bookReceipt((uint16,uint16,uint8,uint24,int64,int64,int64,int64,bytes32))",
  "function adjustYear(uint16,uint16,bytes32)",
]);

function readerWith(nextHour: number, accrued: readonly bigint[]) {
  return {
    configurations: () => [{ configuration: 0, area: "A", ledger: zeroAddress, nextHour }],
    months: () =>
      accrued.map((each, index) => ({ configuration: 0, month: DECEMBER - accrued.length + 1 + index, accrued: each })),
  };
}

function split(nextHour: number, accrued: readonly bigint[], net: bigint) {
  const action = { kind: "split-adjustment", configuration: 0, year: 2025, net, documentHash: DOCUMENT } as const;
  return planSplitAdjustment(readerWith(nextHour, accrued), 1, AT, action);
}

describe("a year's adjustment, prepared", () => {
  it("becomes a receipt for each month, in proportion to what accrued, to whole cents that add up", () => {
    const data = split(endOfMonth(DECEMBER), [1n, 1n, 1n], -10_000_000n).map(({ call }) => encodeFunctionData(call));
    const micro = [-3_340_000n, -3_330_000n, -3_330_000n];
    assert.deepEqual(
      data,
      micro.map((net, index) =>
        CONTRACT.encodeFunctionData("bookReceipt", [[0, DECEMBER - 2 + index, 1, 0, net, 0, 0, net, DOCUMENT]]),
      ),
    );
  });

  it("leaves months out in which nothing accrued", () => {
    assert.equal(split(endOfMonth(DECEMBER), [0n, 5n], 10_000n).length, 1);
  });

  it("is refused while the year is not over, and where nothing accrued", () => {
    assert.throws(() => split(endOfMonth(DECEMBER) - 1, [1n], 10_000n), { status: 422, message: /is not over/ });
    assert.throws(() => split(endOfMonth(DECEMBER), [0n, 0n], 10_000n), { status: 422, message: /No premium/ });
  });

  it("is said to be booked as ethers encodes it", () => {
    const [only] = planAdjustYear(AT, { kind: "adjust-year", configuration: 0, year: 2025, documentHash: DOCUMENT });
    assert(only !== undefined);
    assert.equal(encodeFunctionData(only.call), CONTRACT.encodeFunctionData("adjustYear", [0, 2025, DOCUMENT]));
  });
});
