/** The embedded broker as a process: `node brokerPart.ts broker.json`. */

import { untilStopped } from "../untilStopped.ts";
import { startBroker } from "./broker.ts";
import { readBrokerFile } from "./brokerFile.ts";

const { port, users } = readBrokerFile(process.argv[2] ?? "broker.json");
const broker = await startBroker(port, users);
console.log(`The broker listens at mqtt://127.0.0.1:${broker.port}`);
await untilStopped();
await broker.close();
