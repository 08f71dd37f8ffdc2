/** The site under which the pages and the API are reached: what signatures of wallets and passkeys are bound to. */

import { parseCookie, stringifySetCookie } from "cookie";
import { LOCAL_SESSION_COOKIE, SESSION_COOKIE } from "../http/sessionCookie.ts";

export type Site = {
  /** As `https://cer.example.org`. */
  readonly origin: string;
  /** With its port, if it has one. */
  readonly host: string;
  /** What passkeys are made for: the host without its port. */
  readonly rpId: string;
  /** Shown by whoever asks a person to sign. */
  readonly name: string;
  readonly isSecure: boolean;
};

export class SiteError extends Error {
  override name = "SiteError";
}

const LOCAL_HOSTS = new Set(["localhost", "127.0.0.1"]);

/**
 * @param origin scheme, host and port as a browser shows them, without a path
 * @throws SiteError if it is none, or if it has no TLS and is not this machine
 */
export function siteOf(origin: string, name: string): Site {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url === undefined || url.origin !== origin) {
    throw new SiteError(`«${origin}» is no site's origin. Write it as https://cer.example.org, without a path`);
  }
  const { protocol, host, hostname } = url;
  const isLocal = protocol === "http:" && LOCAL_HOSTS.has(hostname);
  if (protocol !== "https:" && !isLocal) {
    throw new SiteError(`«${origin}» has no TLS. Use https, or http://localhost on one machine`);
  }
  return { origin, host, rpId: hostname, name, isSecure: protocol === "https:" };
}

/** The header that gives a browser its session. It ends with the browser, or when the server says so. */
export function sessionCookie(site: Site, token: string): string {
  return stringifySetCookie({ ...cookieOf(site), value: token });
}

/** The header that takes it away. */
export function noSessionCookie(site: Site): string {
  return stringifySetCookie({ ...cookieOf(site), value: "", maxAge: 0 });
}

/** The session's token, of a request's header. */
export function sessionTokenIn(site: Site, header: string | undefined): string | undefined {
  return header === undefined ? undefined : parseCookie(header)[nameOf(site)];
}

function cookieOf(site: Site) {
  return { name: nameOf(site), path: "/", httpOnly: true, secure: site.isSecure, sameSite: "strict" } as const;
}

function nameOf({ isSecure }: Site): string {
  return isSecure ? SESSION_COOKIE : LOCAL_SESSION_COOKIE;
}
