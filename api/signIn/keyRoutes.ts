/** Keys of machines: of a community, made by its officers; of an account, made by its member. */

import { z } from "zod";
import { type Caller, type Role, SCOPES } from "../http/caller.ts";
import { notFound, Problem } from "../http/problem.ts";
import { json, NO_BODY, NO_QUERY, type Reply, type Route, route } from "../http/route.ts";
import { formatTime } from "../json.ts";
import { NO_STORE } from "../register/context.ts";
import { ofAccount, ofCommunity } from "../routes/request.ts";
import { type ApiKey, KEY_MAKERS, keysOf, type Maker, MOST_KEY_DAYS, makeKey, revokeKey } from "./apiKeys.ts";
import type { SignInContext } from "./context.ts";
import { logSignIn } from "./signInLog.ts";

const TAG = "keys";
/** Who sees which keys there are, and can end them. */
const KEY_WATCHERS: readonly Role[] = ["admin", "secretary", "president", "auditor"];
const MOST_KEYS = 100;

const key = z.string().regex(/^[0-9a-f]{16}$/, "not the id of a key");

const wantedShape = z.strictObject({
  label: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .meta({ description: "What it is for. Write no names of persons", example: "Home Assistant" }),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
  days: z.int().min(1).max(MOST_KEY_DAYS).default(90),
});
const keyView = z
  .object({
    key: z.string().meta({ description: "Names it in lists; no secret" }),
    account: z.int().optional(),
    scopes: z.array(z.enum(SCOPES)),
    label: z.string(),
    madeBy: z.string(),
    madeAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
    usedAt: z.iso.datetime().optional().meta({ description: "To the hour" }),
    revokedAt: z.iso.datetime().optional(),
  })
  .meta({ id: "Key" });
const keysView = z.object({ keys: z.array(keyView) });
const madeView = z.object({ key: keyView, secret: z.string().meta({ description: "Shown this once" }) });

export function keyRoutes(context: SignInContext): Route[] {
  return [...communityKeyRoutes(context), ...accountKeyRoutes(context)];
}

function communityKeyRoutes(context: SignInContext): Route[] {
  const usual = { tag: TAG, path: "/communities/{community}/keys", query: NO_QUERY } as const;
  const watchers = { member: "never", officers: KEY_WATCHERS, scopes: [] } as const;
  return [
    route({
      ...usual,
      method: "get",
      operation: "listCommunityKeys",
      summary: "The keys of a community and of its accounts, the newest first",
      access: watchers,
      params: ofCommunity,
      body: NO_BODY,
      status: 200,
      content: { "application/json": keysView },
      handle: ({ params }) => listed(context, params),
    }),
    route({
      ...usual,
      method: "post",
      operation: "makeCommunityKey",
      summary: "Makes a key that is good for all accounts of a community, as long as its maker keeps the office",
      access: { member: "never", officers: KEY_MAKERS, scopes: [] },
      params: ofCommunity,
      body: wantedShape,
      status: 201,
      content: { "application/json": madeView },
      problems: [409],
      handle: ({ params, body, caller, requestId }) => made(context, params, body, caller, requestId),
    }),
    route({
      ...usual,
      method: "delete",
      path: "/communities/{community}/keys/{key}",
      operation: "revokeCommunityKey",
      summary: "Revokes a key of a community or of one of its accounts",
      access: watchers,
      params: ofCommunity.extend({ key }),
      body: NO_BODY,
      status: 204,
      content: {},
      handle: ({ params, caller, requestId }) => revoked(context, params, caller, requestId),
    }),
  ];
}

function accountKeyRoutes(context: SignInContext): Route[] {
  const own = { member: "own", officers: [], scopes: [] } as const;
  const usual = {
    tag: TAG,
    path: "/communities/{community}/accounts/{account}/keys",
    access: own,
    query: NO_QUERY,
  } as const;
  return [
    route({
      ...usual,
      method: "get",
      operation: "listAccountKeys",
      summary: "The keys of one's own account, the newest first",
      params: ofAccount,
      body: NO_BODY,
      status: 200,
      content: { "application/json": keysView },
      handle: ({ params }) => listed(context, params),
    }),
    route({
      ...usual,
      method: "post",
      operation: "makeAccountKey",
      summary: "Makes a key that is good for one's own account, as long as it is one's own",
      params: ofAccount,
      body: wantedShape,
      status: 201,
      content: { "application/json": madeView },
      problems: [409],
      handle: ({ params, body, caller, requestId }) => made(context, params, body, caller, requestId),
    }),
    route({
      ...usual,
      method: "delete",
      path: "/communities/{community}/accounts/{account}/keys/{key}",
      operation: "revokeAccountKey",
      summary: "Revokes a key of one's own account",
      params: ofAccount.extend({ key }),
      body: NO_BODY,
      status: 204,
      content: {},
      handle: ({ params, caller, requestId }) => revoked(context, params, caller, requestId),
    }),
  ];
}

/** A community, or one account of it. */
type Place = { readonly community: number; readonly account?: number };

function listed({ store }: SignInContext, { community, account }: Place): Reply {
  return json({ keys: keysOf(store, community, account).map(showKey) }, NO_STORE);
}

function made(
  { store, clock }: SignInContext,
  { community, account }: Place,
  wanted: z.infer<typeof wantedShape>,
  caller: Caller,
  request: string,
): Reply {
  const at = clock();
  const maker = makerOf(caller);
  const good = keysOf(store, community, account).filter((each) => each.revokedAt === undefined && each.endsAt > at);
  if (good.length >= MOST_KEYS) throw new Problem(409, `There are ${MOST_KEYS} keys: revoke some that are not used`);
  const { key: made, secret } = store.transaction(() => {
    logSignIn(store, { at, event: "key-made", ...maker, request });
    return makeKey(store, { ...wanted, community, account }, maker, at);
  });
  return json({ key: showKey(made), secret }, NO_STORE);
}

function revoked(
  { store, clock }: SignInContext,
  { community, account, key: id }: Place & { readonly key: string },
  caller: Caller,
  request: string,
): Reply {
  const at = clock();
  if (!revokeKey(store, { id, community, account }, at)) throw notFound();
  logSignIn(store, { at, event: "key-revoked", ...makerOf(caller), request });
  return {};
}

/** Who may make keys: persons and wallets, not machines. */
function makerOf(caller: Caller): Maker {
  if (caller.kind === "member") return { person: caller.person };
  if (caller.kind === "officer") return { wallet: caller.wallet };
  throw new Problem(403, "A machine's key makes no keys");
}

function showKey({ id, account, scopes, label, maker, ...times }: ApiKey): z.infer<typeof keyView> {
  const { madeAt, endsAt, usedAt, revokedAt } = times;
  return {
    key: id,
    account,
    scopes: [...scopes],
    label,
    madeBy: "person" in maker ? `person ${maker.person}` : maker.wallet,
    madeAt: formatTime(madeAt),
    endsAt: formatTime(endsAt),
    usedAt: usedAt === undefined ? undefined : formatTime(usedAt),
    revokedAt: revokedAt === undefined ? undefined : formatTime(revokedAt),
  };
}
