/** What browsers send of passkeys: the JSON forms of WebAuthn. What is not needed is let go. */

import { z } from "zod";

const bytes = z
  .string()
  .min(1)
  .max(20_000)
  .regex(/^[\w-]+$/, "not base64url");
const credential = { id: bytes.max(1400), rawId: bytes.max(1400), type: z.literal("public-key") };
const noExtensions = z.unknown().transform(() => ({}));

export const registrationResponse = z.object({
  ...credential,
  clientExtensionResults: noExtensions,
  response: z
    .object({
      clientDataJSON: bytes,
      attestationObject: bytes,
      transports: z
        .array(z.string().regex(/^[a-z-]{1,20}$/))
        .max(10)
        .optional(),
    })
    .transform(({ transports, ...rest }) => (transports === undefined ? rest : { ...rest, transports })),
});

export const authenticationResponse = z.object({
  ...credential,
  clientExtensionResults: noExtensions,
  response: z
    .object({ clientDataJSON: bytes, authenticatorData: bytes, signature: bytes, userHandle: bytes.optional() })
    .transform(({ userHandle, ...rest }) => (userHandle === undefined ? rest : { ...rest, userHandle })),
});

export type RegistrationResponse = z.infer<typeof registrationResponse> & {
  readonly response: { readonly transports?: string[] };
};
export type AuthenticationResponse = z.infer<typeof authenticationResponse> & {
  readonly response: { readonly userHandle?: string };
};
