import assert from "node:assert/strict";
import { isKeyless } from "../../settlement/keyless.ts";

describe("addresses that nobody holds a key to", () => {
  // keccak256("condivisa keyless address") begins with 80b5890e46c4d042.
  it("are told by their first eight bytes, in capitals or not", () => {
    assert(isKeyless("0x80b5890e46c4d042b542e58f0e13737e00e14d4a"));
    assert(isKeyless("0x80B5890E46C4D0420000000000000000000000FF"));
    assert(!isKeyless("0x80b5890e46c4d043b542e58f0e13737e00e14d4a"));
    assert(!isKeyless("0x00b5890e46c4d042b542e58f0e13737e00e14d4a"));
  });
});
