/** The simulated meters and their market as a process: `node metersPart.ts DATA COMMUNITY-FILE FIRST-HOUR`. */

import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { readCommunityFile } from "../../oracle/communityFile.ts";
import { readOracleFile } from "../../oracle/oracleFile.ts";
import { formatHour } from "../../settlement/hours.ts";
import { writeWhole } from "../settlementFolder.ts";
import { untilStopped } from "../untilStopped.ts";
import { readBrokerFile } from "./brokerFile.ts";
import { upFolder } from "./folder.ts";
import { runMeters } from "./liveMeters.ts";
import { endOfPrices, writePrices } from "./marketFiles.ts";
import { ModelMeters } from "./modelMeters.ts";
import { incomingPrices, ZONE } from "./prepare.ts";

const SECONDS_PER_HOUR = 3600;
const MARKET_MILLISECONDS = 60_000;
/** Prices of the last days are written again after a stop: whether the oracle took them is not known here. */
const HOURS_AGAIN = 72;

const [data = "", community = "", first = ""] = process.argv.slice(2);
const folder = upFolder(data);
const { begun, takenUntil: from } = existsSync(folder.meters)
  ? z
      .object({ begun: z.int().default(Number(first)), takenUntil: z.int() })
      .parse(JSON.parse(readFileSync(folder.meters, "utf8")))
  : { begun: Number(first), takenUntil: Number(first) };
// Registers count from there for ever: they must show tomorrow what follows on what they showed today.
const meters = new ModelMeters(readCommunityFile(community), begun);
const { port, users } = readBrokerFile(folder.broker);
const { zone = ZONE } = readOracleFile(folder.oracle);
const clock = () => Math.floor(Date.now() / 1000);

let pricesUntil = Math.max(begun, from - HOURS_AGAIN);
const publishPrices = () => {
  const end = endOfPrices(Math.floor(clock() / SECONDS_PER_HOUR));
  writePrices(incomingPrices(folder), zone, meters, pricesUntil, end);
  pricesUntil = end;
};
publishPrices();
const market = setInterval(publishPrices, MARKET_MILLISECONDS);

const end = new AbortController();
const running = runMeters({
  url: `mqtt://127.0.0.1:${port}`,
  passwords: new Map(Object.entries(users).map(([name, { password }]) => [name, password])),
  meters,
  from,
  onTaken: (hour) => writeWhole(folder.meters, JSON.stringify({ begun, takenUntil: hour })),
  clock,
  end: end.signal,
});
console.log(`${meters.ids.length} simulated meters go on from ${formatHour(from)}`);
await Promise.race([untilStopped(), running]);
clearInterval(market);
end.abort();
await running;
