/** The HTTP server: routes behind the same door. */

import { randomUUID } from "node:crypto";
import cors from "cors";
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from "express";
import type { Logger } from "pino";
import { z } from "zod";
import { authorise } from "./access.ts";
import { bodyProblem, READ_BODY } from "./body.ts";
import { type Caller, NOBODY } from "./caller.ts";
import { callerKey, KeyGuesses, OpenStreams, perMinute } from "./limits.ts";
import type { HttpMetrics } from "./metrics.ts";
import { API_PREFIX } from "./openapi.ts";
import { notFound, Problem, problemBody } from "./problem.ts";
import type { RawRequest, Reply, Route } from "./route.ts";
import { checkSameOrigin } from "./sameOrigin.ts";
import { securityHeaders } from "./securityHeaders.ts";
import { isSame, streamTo } from "./streamTo.ts";

export type AppOptions = {
  readonly routes: readonly Route[];
  /** Pages and files beside the routes. */
  readonly pages: (app: Express) => void;
  /** Throws Problem 401 if who asks gives credentials that are good for nothing. */
  readonly identify: (request: Request) => Caller;
  /** The same, which does not count as being active. */
  readonly recognise: (request: Request) => Caller;
  readonly log: Logger;
  readonly metrics: HttpMetrics;
  /** Requests of one caller in a minute. */
  readonly perMinute: number;
  /** Other sites whose pages may ask; none by default. */
  readonly origins: readonly string[];
  /** Proxies between the callers and this server. */
  readonly proxies: number;
  /** Aborted when the server stops: streams end then. */
  readonly end: AbortSignal;
  /** Shown every answer: a test checks it against the route's schema. */
  readonly inspect?: (route: Route, reply: Reply) => void;
};

/** What is known of a request from its beginning. */
type Context = { readonly id: string; readonly begun: number; caller: Caller; route: string };

export function makeApp(options: AppOptions): Express {
  const contexts = new WeakMap<Request, Context>();
  const contextOf = (request: Request): Context => {
    const known = contexts.get(request);
    if (known !== undefined) return known;
    const context = { id: requestId(request), begun: performance.now(), caller: NOBODY, route: "none" };
    contexts.set(request, context);
    return context;
  };

  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("trust proxy", options.proxies);
  app.set("query parser", "simple");
  // An address has one form.
  app.set("strict routing", true);
  const secure = securityHeaders();
  app.use((request, response, next) => {
    const context = contextOf(request);
    for (const [name, value] of secure) response.setHeader(name, value);
    response.setHeader("X-Request-Id", context.id);
    response.once("close", () => told(options, request, response, context));
    next();
  });
  if (options.origins.length > 0) {
    const exposedHeaders = ["ETag", "X-Request-Id", "Link"];
    app.use(API_PREFIX, cors({ origin: [...options.origins], credentials: true, exposedHeaders }));
  }
  const guesses = new KeyGuesses();
  app.use(API_PREFIX, async (request, response, next) => {
    checkSameOrigin(request, options.origins);
    contextOf(request).caller = await guesses.watch(request, response, () => options.identify(request));
    next();
  });
  const whoOf = (request: Request) => callerKey(contextOf(request).caller, request);
  const usual = perMinute(options.perMinute, whoOf);
  const streams = new OpenStreams();
  for (const [path, ofPath] of Map.groupBy(options.routes, (each) => each.path)) {
    const address = `${API_PREFIX}${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
    for (const each of ofPath) {
      const limit = each.perMinute === undefined ? usual : perMinute(each.perMinute, whoOf);
      const parse = each.body instanceof z.ZodUndefined ? [] : READ_BODY;
      app[each.method](address, limit, ...parse, async (request, response) => {
        const context = contextOf(request);
        context.route = path;
        const reply = await each.answer(rawOf(request, context.id), context.caller, authorise);
        options.inspect?.(each, reply);
        const mayStill = () => isSame(context.caller, () => options.recognise(request));
        const { stream } = reply;
        if (stream === undefined) return send(each, reply, request, response);
        await streams.whileOpen(whoOf(request), () => {
          send(each, reply, request, response);
          return streamTo(response, stream, options.end, mayStill);
        });
      });
    }
    const methods = ofPath.flatMap(({ method }) => (method === "get" ? ["GET", "HEAD"] : [method.toUpperCase()]));
    app.all(address, () => {
      const allow = methods.join(", ");
      throw new Problem(405, `This address takes ${allow}`, { headers: { Allow: allow } });
    });
  }
  options.pages(app);
  app.use(() => {
    throw notFound();
  });
  // Express knows a handler of errors by its four parameters.
  const onError: ErrorRequestHandler = (error, request, response, _next) => {
    const { id } = contextOf(request);
    const problem = problemOf(error);
    if (problem.status === 500)
      options.log.error({ request: id, error: String(error), stack: stackOf(error) }, "failed");
    if (response.headersSent) {
      response.destroy();
      return;
    }
    for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
    response.removeHeader("ETag");
    // What is still to come of a body that nobody wants is not waited for.
    if (!request.complete) response.setHeader("Connection", "close");
    response
      .status(problem.status)
      .type("application/problem+json")
      .send(JSON.stringify(problemBody(problem, id)));
  };
  app.use(onError);
  return app;
}

function requestId({ headers }: Request): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && /^[\w-]{1,64}$/.test(given) ? given : randomUUID();
}

function rawOf(request: Request, id: string): RawRequest {
  return {
    params: request.params,
    query: request.query,
    body: request.body,
    requestId: id,
    header: (name) => request.get(name),
    ip: request.ip ?? "",
  };
}

function send(each: Route, reply: Reply, request: Request, response: Response): void {
  const { version, type, body, stream, headers = {} } = reply;
  response.status(reply.status ?? each.status);
  // What is shown depends on who asks, and may be kept by nobody else.
  response.setHeader("Cache-Control", each.access === "public" ? "no-cache" : "private, no-cache");
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, typeof value === "string" ? value : [...value]);
  }
  response.vary("Cookie, Authorization");
  if (version !== undefined) {
    response.setHeader("ETag", `"${version}"`);
    if (request.fresh) {
      response.status(304).end();
      return;
    }
  }
  if (type !== undefined) response.setHeader("Content-Type", type);
  if (stream === undefined) response.end(body);
  else if (request.method === "HEAD") response.end();
  else {
    // A proxy would keep what is to be told at once.
    response.setHeader("X-Accel-Buffering", "no");
    response.flushHeaders();
  }
}

/** One line a request: what was asked of which route, never of whom. */
function told({ log, metrics }: AppOptions, request: Request, response: Response, context: Context): void {
  const milliseconds = performance.now() - context.begun;
  const { method } = request;
  const { route } = context;
  const status = response.statusCode;
  metrics.seconds.observe({ route, method, status }, milliseconds / 1000);
  log.info({ request: context.id, caller: context.caller.kind, method, route, status, milliseconds }, "request");
}

/** Errors of Express and its parsers carry a status of their own. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { status, type } = fieldsOf(error);
  const ofBody = bodyProblem(type, status);
  if (ofBody !== undefined) return ofBody;
  if (error instanceof URIError || status === 400) return new Problem(400, "The address cannot be read");
  return new Problem(500, "Something failed here that should not have. It is in the log under the id of this request");
}

function fieldsOf(error: unknown): { readonly status: number | undefined; readonly type: string | undefined } {
  if (typeof error !== "object" || error === null) return { status: undefined, type: undefined };
  return {
    status: "status" in error && typeof error.status === "number" ? error.status : undefined,
    type: "type" in error && typeof error.type === "string" ? error.type : undefined,
  };
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
