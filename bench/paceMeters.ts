/**
 * Ten thousand meters in a process of their own: each tells its registers when its time has come, whatever became of what it said
 * before. Arguments: broker, milliseconds at which the first one begins, seconds that the meters' clocks are ahead, rounds.
 */

import { connectAsync } from "mqtt";
import { CONNECTIONS, METERS, MILLISECONDS_BETWEEN, topicOf } from "./paceSchedule.ts";

const [url = "", begins = "", ahead = "", rounds = ""] = process.argv.slice(2);
const begun = Number(begins);
const total = Number(rounds) * METERS;

const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectAsync(url, { protocolVersion: 5 })));
let [sent, taken, latest] = [0, 0, 0];
while (taken < total) {
  for (; sent < total && begun + sent * MILLISECONDS_BETWEEN <= Date.now(); sent++) {
    const due = begun + sent * MILLISECONDS_BETWEEN;
    latest = Math.max(latest, Date.now() - due);
    const [meter, round] = [sent % METERS, Math.floor(sent / METERS)];
    const payload = {
      at: Math.floor(due / 1000) + Number(ahead),
      unit: "Wh",
      withdrawn: 1_000_000 + 3 * round,
      injected: 500_000,
      sequence: sent,
    };
    clients[meter % CONNECTIONS]?.publish(topicOf(meter), JSON.stringify(payload), { qos: 1 }, (error) => {
      if (error) throw error;
      taken++;
    });
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
await Promise.all(clients.map((client) => client.endAsync()));
process.send?.({ sent, latest });
process.disconnect?.();
