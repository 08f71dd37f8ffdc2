/** A process that sends transactions to an embedded chain and tells each acknowledged height, until it is killed. */

import { embeddedClient } from "../../chain/client.ts";
import { dataContract } from "../../chain/deploy.ts";
import { openEmbeddedChain } from "../../chain/embedded.ts";
import { Sender } from "../../chain/send.ts";
import { keyOf } from "./communityOnChain.ts";

const [, , journal = "", genesisTime] = process.argv;
if (process.send !== undefined) {
  const chain = await openEmbeddedChain({ journal, genesisTime: Number(genesisTime) });
  const client = embeddedClient(chain);
  const sender = new Sender(client, keyOf("creator"));
  for (;;) {
    await sender.deploy("data", dataContract("0x01"));
    process.send(Number(await client.getBlockNumber()));
  }
}
