/** Load on an HTTP server of this machine, light enough not to be what is measured: requests one after another on some connections. */

import { createConnection, type Socket } from "node:net";

export type Load = {
  readonly url: string;
  readonly connections: number;
  readonly milliseconds: number;
  /** The text of a request, with its headers and the empty line. */
  readonly request: (connection: number, number: number) => string;
};

export type LoadResult = {
  readonly requests: number;
  readonly bytes: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
};

/** @throws Error if an answer is none of 200 with a Content-Length */
export async function load({ url, connections, milliseconds, request }: Load): Promise<LoadResult> {
  const { hostname, port } = new URL(url);
  const latencies: number[] = [];
  let bytes = 0;
  const begun = performance.now();
  const end = begun + milliseconds;
  await Promise.all(
    Array.from({ length: connections }, (_, connection) => {
      const socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
      let number = 0;
      let sent = 0;
      const next = () => {
        sent = performance.now();
        socket.write(request(connection, number++));
      };
      return eachAnswer(socket, next, (length) => {
        const now = performance.now();
        latencies.push(now - sent);
        bytes += length;
        if (now < end) next();
        else socket.end();
      });
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  const sorted = Float64Array.from(latencies).sort();
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { requests: sorted.length, bytes, perSecond: sorted.length / seconds, p50: at(0.5), p99: at(0.99) };
}

const HEAD_END = "\r\n\r\n";

/** Calls back with the length of each answer's body. Done when the connection is closed. */
function eachAnswer(socket: Socket, onConnect: () => void, onAnswer: (length: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let head = "";
    let length = 0;
    let missing = 0;
    socket.once("connect", onConnect);
    socket.once("error", reject);
    socket.once("close", () => resolve());
    socket.on("data", (chunk) => {
      if (missing > 0) missing -= chunk.length;
      else {
        head += chunk.toString("latin1");
        const headEnd = head.indexOf(HEAD_END);
        if (headEnd < 0) return;
        const [, digits] = /^HTTP\/1\.1 200 [\s\S]*?\r\nContent-Length: (\d+)\r\n/i.exec(head) ?? [];
        if (digits === undefined) {
          reject(new Error(`answered with ${head.slice(0, 300)}`));
          socket.destroy();
          return;
        }
        length = Number(digits);
        missing = headEnd + HEAD_END.length + length - head.length;
      }
      if (missing > 0) return;
      head = "";
      missing = 0;
      onAnswer(length);
    });
  });
}
