/** The pages with which a person redeems an invitation, signs in, and verifies a document. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Express } from "express";

const HERE = import.meta.dirname;

/** `/invito` is where invitations lead, `/accedi` where one signs in and `/` leads, `/verifica` where the links on documents lead. */
export function addPages(app: Express): void {
  const files = [
    { paths: ["/invito", "/accedi"], type: "text/html", file: join(HERE, "sign-in.html") },
    { paths: ["/pages/sign-in.css"], type: "text/css", file: join(HERE, "sign-in.css") },
    { paths: ["/pages/sign-in.js"], type: "text/javascript", file: join(HERE, "sign-in.js") },
    { paths: ["/verifica"], type: "text/html", file: join(HERE, "verify.html") },
    { paths: ["/pages/verify.js"], type: "text/javascript", file: join(HERE, "verify.js") },
    { paths: ["/pages/webauthn.js"], type: "text/javascript", file: browserLibrary() },
  ];
  app.get("/", (_request, response) => response.redirect("/accedi"));
  for (const { paths, type, file } of files) {
    const content = readFileSync(file, "utf8");
    app.get(paths, (_request, response) => {
      response.setHeader("Cache-Control", "no-cache");
      response.type(type).send(content);
    });
  }
}

/** The library of passkeys as browsers load it. */
function browserLibrary(): string {
  const entry = createRequire(import.meta.url).resolve("@simplewebauthn/browser");
  return join(dirname(entry), "../dist/bundle/index.umd.min.js");
}
