/** A passkey's authenticator in software: P-256, discoverable credentials, with every byte in reach of a test. */

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import { z } from "zod";

/** What a test may make wrong. */
export type Wrong = {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  /** Whether the holder was asked for finger or PIN. */
  readonly isVerified?: boolean;
  readonly counter?: number;
  readonly userHandle?: string | undefined;
  readonly signature?: (signature: Buffer) => Buffer;
};

const creationShape = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string() }),
  user: z.object({ id: z.string(), name: z.string() }),
  authenticatorSelection: z.object({ residentKey: z.literal("required"), userVerification: z.literal("required") }),
});
const requestShape = z.object({
  challenge: z.string(),
  rpId: z.string(),
  userVerification: z.literal("required"),
  allowCredentials: z.undefined().optional(),
});
const jwkShape = z.object({ x: z.string(), y: z.string() });

const PRESENT = 0x01;
const VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

export class Authenticator {
  readonly #origin: string;
  readonly id = randomBytes(16);
  #key: KeyObject | undefined;
  #userHandle = "";
  /** What the chooser shows. */
  userName = "";
  counter = 0;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** `navigator.credentials.create`. */
  create(options: unknown, wrong: Wrong = {}) {
    const { challenge, rp, user } = creationShape.parse(options);
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#key = privateKey;
    this.#userHandle = user.id;
    this.userName = user.name;
    const cose = coseKey(publicKey);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const credential = Buffer.concat([Buffer.alloc(16), length, this.id, cose]);
    const authData = Buffer.concat([this.#data(rp.id, HAS_CREDENTIAL, wrong), credential]);
    const attestation: [string, string | Uint8Array | Map<string, string>][] = [
      ["fmt", "none"],
      ["attStmt", new Map<string, string>()],
      ["authData", Uint8Array.from(authData)],
    ];
    const attestationObject = isoCBOR.encode(new Map(attestation));
    return {
      ...this.#credential(),
      response: {
        clientDataJSON: this.#client(challenge, "webauthn.create", wrong).toString("base64url"),
        attestationObject: Buffer.from(attestationObject).toString("base64url"),
        transports: ["internal"],
      },
    };
  }

  /** `navigator.credentials.get`. */
  get(options: unknown, wrong: Wrong = {}) {
    const { challenge, rpId } = requestShape.parse(options);
    if (this.#key === undefined) throw new Error("this authenticator has no passkey yet");
    this.counter++;
    const authenticatorData = this.#data(rpId, 0, wrong);
    const client = this.#client(challenge, "webauthn.get", wrong);
    const signed = Buffer.concat([authenticatorData, createHash("sha256").update(client).digest()]);
    const signature = sign("sha256", signed, this.#key);
    const userHandle = "userHandle" in wrong ? wrong.userHandle : this.#userHandle;
    return {
      ...this.#credential(),
      response: {
        clientDataJSON: client.toString("base64url"),
        authenticatorData: authenticatorData.toString("base64url"),
        signature: (wrong.signature?.(signature) ?? signature).toString("base64url"),
        ...(userHandle !== undefined && { userHandle }),
      },
    };
  }

  #credential() {
    const id = this.id.toString("base64url");
    return { id, rawId: id, type: "public-key", clientExtensionResults: {}, authenticatorAttachment: "platform" };
  }

  #client(challenge: string, type: string, wrong: Wrong): Buffer {
    const data = { type, challenge, origin: this.#origin, crossOrigin: false };
    const { origin = data.origin, challenge: other = challenge, type: otherType = type } = wrong;
    return Buffer.from(JSON.stringify({ ...data, origin, challenge: other, type: otherType }));
  }

  #data(rpId: string, flags: number, { rpId: other = rpId, isVerified = true, counter = this.counter }: Wrong): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const hash = createHash("sha256").update(other).digest();
    return Buffer.concat([hash, Buffer.of(PRESENT | (isVerified ? VERIFIED : 0) | flags), count]);
  }
}

function coseKey(publicKey: KeyObject): Uint8Array {
  const { x, y } = jwkShape.parse(publicKey.export({ format: "jwk" }));
  const entries: [number, number | Uint8Array][] = [
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, Uint8Array.from(Buffer.from(x, "base64url"))],
    [-3, Uint8Array.from(Buffer.from(y, "base64url"))],
  ];
  return isoCBOR.encode(new Map(entries));
}
