/** What a passkey's device says of its maker: not asked for, and not followed up. */

import { decodeAttestationObject } from "@simplewebauthn/server/helpers";

/**
 * Whether nothing is attested but the passkey itself. Certificates would be looked up where they say, so who sends one could make this
 * server ask any address.
 * @param attestationObject base64url
 */
export function isWithoutCertificates(attestationObject: string): boolean {
  try {
    const decoded = decodeAttestationObject(Uint8Array.from(Buffer.from(attestationObject, "base64url")));
    const format = decoded.get("fmt");
    return format === "none" || (format === "packed" && decoded.get("attStmt").get("x5c") === undefined);
  } catch {
    return false;
  }
}
