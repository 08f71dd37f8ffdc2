/** The OpenAPI file, and the page that shows it and lets one try it. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Express } from "express";
import { API_PREFIX, openApiOf } from "../http/openapi.ts";
import type { Route } from "../http/route.ts";

const PAGE = `<!doctype html>
<html lang="it">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Condivisa — API</title>
<link rel="stylesheet" href="/api/reference/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<script src="/api/reference/swagger-ui-bundle.js"></script>
<script src="/api/reference/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({
  url: "${API_PREFIX}/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "list",
});
`;

/** `/api/v1/openapi.json` and `/api/reference`. */
export function addReferencePages(app: Express, routes: readonly Route[]): void {
  const document = JSON.stringify(openApiOf(routes));
  const library = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  const files: [path: string, type: string, content: string | Buffer][] = [
    [`${API_PREFIX}/openapi.json`, "application/json", document],
    ["/api/reference", "text/html", PAGE],
    ["/api/reference/start.js", "text/javascript", START],
    ["/api/reference/swagger-ui.css", "text/css", readFileSync(join(library, "swagger-ui.css"))],
    ["/api/reference/swagger-ui-bundle.js", "text/javascript", readFileSync(join(library, "swagger-ui-bundle.js"))],
  ];
  for (const [path, type, content] of files) {
    app.get(path, (_request, response) => {
      response.setHeader("Cache-Control", "no-cache");
      response.type(type).send(content);
    });
  }
}
