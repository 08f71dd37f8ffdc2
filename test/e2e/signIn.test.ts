/** The one story of a member in a real browser: invitation, passkey, signed in, out, and in again. */

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { chromiumPage, HAS_CHROMIUM, type Page } from "../support/chromium.ts";
import { freePort } from "../support/mosquitto.ts";
import { type Browser, invited, type RegisterApi, registerApi } from "../support/registerApi.ts";

/** Where pictures of the pages go, to be looked at; nowhere if it is not set. */
const PICTURES = process.env["CONDIVISA_PICTURES"];

describe("signing in with a real browser", function () {
  this.timeout(120_000);
  if (!HAS_CHROMIUM) {
    it("is not tried here", () => console.log("      no Chromium (Debian: chromium)"));
    return;
  }

  let api: RegisterApi;
  let secretary: Browser;
  let page: Page;
  let site: string;
  before(async () => {
    const port = await freePort();
    api = await registerApi(port);
    site = `http://localhost:${port}`;
    secretary = await api.officer("secretary");
    page = await chromiumPage();
  });
  after(async () => {
    await page.close();
    await api.end();
  });

  const picture = async (name: string) => {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    await page.picture(join(PICTURES, `${name}.png`));
  };

  it("leads from the secretary's link to a session and back", async () => {
    const input = { name: "Anna Bianchi", accounts: [{ account: 7 }] };
    const { person } = await secretary.post("/communities/1/persons", input, z.object({ person: z.int() }));
    const token = await invited(secretary, 1, person, 7);
    await page.open(`${site}/invito#${token}`);
    await page.shows("Benvenuto");
    await page.shows("conto 7");
    assert.equal(await page.value("location.hash"), "");
    await picture("1-invito");
    await page.click("[data-language=en]");
    await page.shows("Make the passkey");
    await picture("2-invitation");
    await page.click("[data-language=it]");

    await page.click("#act");
    await page.shows("Hai effettuato l’accesso");
    await page.shows("Comunità 1, conto 7");
    // Scripts do not see the session.
    assert.equal(await page.value("document.cookie"), "");
    await picture("3-dentro");
    await page.click("#act");
    await page.shows("Accedi con la passkey");
    await picture("4-fuori");

    await page.click("#act");
    await page.shows("Hai effettuato l’accesso");
    await page.open(`${site}/accedi`);
    await page.shows("Comunità 1, conto 7");
    await page.click("#everywhere");
    await page.shows("Accedi con la passkey");

    await page.open(`${site}/invito#${token}`);
    await page.shows("Questo invito non è più valido");
    await picture("5-usato");
    assert.deepEqual(
      api.register.store.all(
        z.object({ event: z.string() }),
        "SELECT event FROM sign_in WHERE person = ? ORDER BY id",
        person,
      ),
      ["invitation", "sign-out", "passkey", "sign-out-everywhere"].map((event) => ({ event })),
    );
  });
});
