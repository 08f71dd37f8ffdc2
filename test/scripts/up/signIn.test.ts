/** The link with which a browser of this machine gets an officer's session. */

import assert from "node:assert/strict";
import { request } from "node:http";
import { browserLink, type Session } from "../../../scripts/up/signIn.ts";

const SESSION: Session = {
  site: "http://localhost:8080",
  wallet: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  setCookie: "condivisa-session=secret; Path=/; HttpOnly; SameSite=Strict",
  idleSeconds: 1800,
  mostSeconds: 28_800,
};

describe("the link for an officer's browser", () => {
  it("gives the session once, and leads to the site", async () => {
    const { link, opened } = await browserLink(SESSION, "/api/reference");
    const wrong = await get(new URL("/guessed", link).href);
    assert.equal(wrong.status, 404);
    assert.equal(wrong.cookie, undefined);
    assert.equal((await get(link, "attacker.example")).status, 404);

    const { status, location, cookie } = await get(link);
    assert.equal(status, 303);
    assert.equal(location, "http://localhost:8080/api/reference");
    assert.deepEqual(cookie, [SESSION.setCookie]);
    assert.equal(await opened, true);
    await assert.rejects(get(link), /ECONNREFUSED/);
  });
});

type Answer = {
  readonly status: number | undefined;
  readonly location: string | undefined;
  readonly cookie: string[] | undefined;
};

function get(url: string, host = new URL(url).host): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url.replace("localhost", "127.0.0.1"), { headers: { host }, agent: false }, (response) => {
      response.resume();
      const { location, "set-cookie": cookie } = response.headers;
      response.once("end", () => resolve({ status: response.statusCode, location, cookie }));
    });
    asked.once("error", reject);
    asked.end();
  });
}
