/** The cookie of a session. Its name lets a browser take it from this host over TLS only. */

/** `__Host-`: sent by browsers over TLS only, to this host only, whatever other hosts of the domain set. */
export const SESSION_COOKIE = "__Host-condivisa-session";
/** On a site without TLS, which only one's own machine may be. */
export const LOCAL_SESSION_COOKIE = "condivisa-session";
