/** Listens, and stops without cutting anybody off in the middle of an answer. */

import { createServer, type RequestListener, type ServerOptions } from "node:http";

/** How long one caller may take, and how much it may send before anything is looked at: so that a slow or greedy one keeps nobody out. */
export const LIMITS: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16_384,
};
const MOST_HEADERS = 64;
const GRACE_MILLISECONDS = 5000;

export type Listening = { readonly url: string; close(): Promise<void> };

/**
 * @param port 0: any that is free
 * @param onClose told before connections are closed, so that streams can end
 */
export function listen(
  app: RequestListener,
  host: string,
  port: number,
  onClose: () => void,
  limits: ServerOptions = LIMITS,
): Promise<Listening> {
  const server = createServer(limits, app);
  server.maxHeadersCount = MOST_HEADERS;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      resolve({
        url: `http://${host}:${bound}`,
        close: () =>
          new Promise((done) => {
            onClose();
            server.close(() => done());
            server.closeIdleConnections();
            setTimeout(() => server.closeAllConnections(), GRACE_MILLISECONDS).unref();
          }),
      });
    });
  });
}
