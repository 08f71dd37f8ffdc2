/** What waits for whom, as the chain stands. */

import type { CommunityAddresses } from "../../chain/deploy.ts";
import { newestRun, runContent } from "../../chain/payout.ts";
import { fileContent, nextFile, readFile } from "../../chain/redemption.ts";
import { formatTime } from "../json.ts";
import type { TreasuryContext } from "./context.ts";

export async function overviewOf({ client, reader }: TreasuryContext, at: CommunityAddresses) {
  const run = await newestRun(client, at.treasury);
  const next = await nextFile(client, at.redemptions);
  const file = next === 1 ? undefined : await readFile(client, at.redemptions, next - 1);
  const tokens = await reader.tokenEvents(at);
  const payments = new Map(tokens.payments.map((payment) => [payment.endToEndId, payment]));
  return {
    run: run && {
      ...{ number: run.number, phase: run.phase, fromMonth: run.fromMonth, toMonth: run.toMonth },
      ...{ isProvisional: run.provisional, isObjected: run.objected, totalOwed: run.totalOwed },
      payableFrom: run.payableFrom === 0 ? undefined : formatTime(run.payableFrom),
      contentHash: await runContent(client, at.treasury, run.number),
    },
    file: file && {
      ...{ number: file.number, state: file.state, isObjected: file.objected, count: file.count, added: file.added },
      ...{ total: file.total, documentHash: file.documentHash },
      contentHash: await fileContent(client, at.redemptions, file.number),
    },
    outcomes: tokens.outcomes
      .filter(({ approved }) => approved === undefined)
      .map(({ number, outcome, endToEndIds, proposedBy }) => ({
        ...{ number, outcome, by: proposedBy },
        payments: endToEndIds.flatMap((id) => {
          const payment = payments.get(id);
          return payment === undefined ? [] : [{ endToEndId: id, account: payment.account, amount: payment.amount }];
        }),
      })),
  };
}
