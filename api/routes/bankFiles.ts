/** Files for the bank over HTTP: made by the treasurer, looked at by the president, handed out once approved on the chain. */

import type { Hex } from "viem";
import { z } from "zod";
import { EXTENSIONS } from "../../bank/document.ts";
import { documentHash, documentOf } from "../../bank/redemptionOrder.ts";
import type { Access } from "../http/access.ts";
import { json, NO_BODY, NO_QUERY, type Route, route } from "../http/route.ts";
import { NO_STORE, occasionOf } from "../register/context.ts";
import { bankFile, madeBankFile } from "../schemas/treasury.ts";
import { hashShape } from "../treasury/actions.ts";
import { bankFileInput, keptOrder, makeBankFile, toldOrder } from "../treasury/bankFiles.ts";
import { asking, type TreasuryContext, trustedAddresses } from "../treasury/context.ts";
import { contradiction } from "../treasury/planned.ts";
import { prepare } from "../treasury/prepare.ts";
import { planFile } from "../treasury/redemptions.ts";
import { communityParam, ofCommunity } from "./request.ts";
import { walletOf } from "./treasury.ts";

const JSON_TYPE = "application/json";
const TAG = "Treasury";
const DOCUMENT = "application/octet-stream";
const ofDocument = z.strictObject({ community: communityParam, documentHash: hashShape });
const treasurer: Access = { member: "never", officers: ["treasurer"], scopes: [] };
const bothPersons: Access = { member: "never", officers: ["treasurer", "president"], scopes: [] };

export function bankFileRoutes(context: TreasuryContext): Route[] {
  return [
    route({
      method: "post",
      path: "/communities/{community}/treasury/bank-files",
      ...{ operation: "makeBankFile", tag: TAG },
      summary: "A file for the bank over all credit that can be paid, and the transactions that propose it",
      description:
        "Names and IBANs come from the register, and each access is written down. The order is kept, so that the document can be made again.",
      access: treasurer,
      params: ofCommunity,
      query: NO_QUERY,
      body: bankFileInput,
      status: 201,
      content: { [JSON_TYPE]: madeBankFile },
      problems: [409, 422, 503],
      handle: async (given) => {
        const { community } = given.params;
        const at = trustedAddresses(context, community);
        const occasion = occasionOf(context.register, given, "makeBankFile", community);
        return asking("the file for the bank", async () => {
          const { order, leftOut } = await makeBankFile(context, community, at, given.body, occasion);
          const all = await planFile(context, at, documentHash(order), order);
          const prepared = await prepare(context.client, at, walletOf(given.caller), all);
          return json({ ...toldOrder(order), leftOut, prepared }, NO_STORE);
        });
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/treasury/bank-files/{documentHash}",
      ...{ operation: "getBankFile", tag: TAG },
      summary:
        "What a file asks the bank to do, by the hash of its document: names and IBANs to look at before approving",
      access: bothPersons,
      params: ofDocument,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: bankFile },
      problems: [410],
      handle: (given) => {
        const { community, documentHash: hash } = given.params;
        const occasion = occasionOf(context.register, given, "getBankFile", community);
        return json(toldOrder(keptOrder(context, community, hash, occasion)), NO_STORE);
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/treasury/bank-files/{documentHash}/document",
      ...{ operation: "getBankDocument", tag: TAG, summary: "The document for the bank, once its file is approved" },
      access: bothPersons,
      params: ofDocument,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { [DOCUMENT]: z.string().meta({ override: { type: "string", format: "binary" } }) },
      problems: [409, 410, 503],
      handle: async (given) => {
        const { community, documentHash: hash } = given.params;
        const occasion = occasionOf(context.register, given, "getBankDocument", community);
        const order = keptOrder(context, community, hash, occasion);
        await checkApproved(context, community, hash);
        const name = `${order.messageId}.${EXTENSIONS[order.format]}`;
        return {
          type: DOCUMENT,
          body: documentOf(order),
          headers: { ...NO_STORE.headers, "Content-Disposition": `attachment; filename="${name}"` },
        };
      },
    }),
  ];
}

/** Nobody takes a document to the bank alone. @throws Problem 409 */
async function checkApproved({ reader }: TreasuryContext, community: number, hash: Hex): Promise<void> {
  const at = reader.addresses(community);
  const tokens = at && (await reader.tokenEvents(at));
  const file = tokens?.files.findLast((each) => each.documentHash === hash);
  if (file?.state === "approved") return;
  const state = file === undefined ? "not on the chain yet" : file.state;
  throw contradiction(`The file of this document is ${state}: it is handed out once the president has approved it`);
}
