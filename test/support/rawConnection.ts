/** A connection to a server on which anything may be sent, whether it is HTTP or not. */

import { createConnection, type Socket } from "node:net";

export type RawConnection = {
  readonly socket: Socket;
  /** What came so far. */
  readonly received: () => string;
  /** Until what came contains this, or the connection is closed. @returns what came */
  readonly until: (text: string) => Promise<string>;
  readonly closed: Promise<void>;
};

export function rawConnection(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = createConnection({ host: hostname, port: Number(port) });
  let received = "";
  let look = () => {};
  // A server that has had enough closes in the middle of what is sent.
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    look();
  });
  const until = (text: string) =>
    new Promise<string>((resolve) => {
      look = () => {
        if (received.includes(text) || socket.destroyed) resolve(received);
      };
      socket.once("close", () => resolve(received));
      look();
    });
  return new Promise((resolve) => {
    socket.once("connect", () => resolve({ socket, received: () => received, until, closed }));
  });
}
