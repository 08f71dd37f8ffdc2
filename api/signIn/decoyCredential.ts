/** A public key that belongs to nobody, against which signatures of unknown passkeys are checked: so that they are told by no time. */

import { generateKeyPairSync } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import { z } from "zod";

const jwkShape = z.object({ x: z.string(), y: z.string() });

let made: { readonly publicKey: Uint8Array<ArrayBuffer>; readonly counter: number } | undefined;

/** P-256, as most passkeys are. */
export function decoyCredential() {
  made ??= { publicKey: coseKey(), counter: 0 };
  return made;
}

function coseKey(): Uint8Array<ArrayBuffer> {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = jwkShape.parse(publicKey.export({ format: "jwk" }));
  // RFC 9053: key type EC2, algorithm ES256, curve P-256, x, y.
  const entries: [number, number | Uint8Array][] = [
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, Uint8Array.from(Buffer.from(x, "base64url"))],
    [-3, Uint8Array.from(Buffer.from(y, "base64url"))],
  ];
  return Uint8Array.from(isoCBOR.encode(new Map(entries)));
}
