/** A process that gives a register another key, again and again, until it is killed. */

import { addKey, readKeyRing } from "../../api/register/keyRing.ts";
import { rotate } from "../../api/register/rotation.ts";
import { RegisterStore } from "../../api/register/store.ts";

const [, , file = "", keys = ""] = process.argv;
const store = RegisterStore.open(file, () => readKeyRing(keys));
for (;;) {
  if (store.newestKey() === store.keyInForce()) addKey(keys, Math.floor(Date.now() / 1000));
  process.send?.("begins");
  rotate(store);
}
