/** What `condivisa sign-in` prints, and how long it waits for the browser. */

import { API_PREFIX } from "../../api/http/openapi.ts";
import { UpError, upFolder } from "./folder.ts";
import { browserLink, LINK_SECONDS, type Office, type Session, signIn, writeCookies } from "./signIn.ts";
import { siteOfFolder } from "./up.ts";

/** Where officers begin: every route, to read and to try. */
const FIRST_PAGE = "/api/reference";

/** @throws UpError if `up` never ran in the folder, does not run, or refuses */
export async function signInText(
  data: string,
  office: Office,
): Promise<{ readonly text: string; readonly session: Session }> {
  const folder = upFolder(data);
  const site = siteOfFolder(folder);
  if (site === undefined)
    throw new UpError(`${data}: no folder of \`up\`. Start it with \`./condivisa up\`, or name --data`);
  const session = await signIn(folder, site, office);
  const cookies = writeCookies(folder, office, session);
  const [idle, most] = [minutesText(session.idleSeconds), minutesText(session.mostSeconds)];
  const text = [
    `Signed in as ${office} (${session.wallet}): until ${idle} without a request have passed, ${most} at most.`,
    "",
    "With curl:",
    `  curl --cookie ${cookies} ${site}${API_PREFIX}/communities`,
  ].join("\n");
  return { text, session };
}

/** Offers the session to a browser of this machine, once. */
export async function waitForBrowser(session: Session, say: (text: string) => void): Promise<void> {
  const { link, opened } = await browserLink(session, FIRST_PAGE);
  say(`\nIn a browser on this machine, once, within ${minutesText(LINK_SECONDS)} (Ctrl-C: not at all):\n  ${link}`);
  say((await opened) ? "The browser has it." : "Nobody opened the link: it is good no more.");
}

function minutesText(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : `${Math.round(seconds / 60)} minutes`;
}
