import type { OpenApiDocument } from "./document-shape";
import { descriptionHtml, escapeHtml } from "./html";
import { credentialsHtml, operationHtml } from "./operation-html";

/** The addresses of the page's files, each with its version. */
export interface PageFiles {
  script: string;
  style: string;
}

/** Scripts and styles from here only, none inline. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

/** The documentation's page: the whole document as HTML. A small script sends what is tried; reading needs none. */
export function docsPage(document: OpenApiDocument, files: PageFiles): string {
  const { title, description } = document.info;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="${files.style}">
<script defer src="${files.script}"></script>
</head>
<body>
<header class="top"><a href="/">Cauris</a><a href="/api/openapi.json">openapi.json</a></header>
<main id="calls">
<h1>${escapeHtml(title)}</h1>
<p>Wallets, deposits, transfers and withdrawals as JSON. The whole contract, for people and for generators, is
<a href="/api/openapi.json">the OpenAPI document</a>.</p>
<noscript><p>With JavaScript this page also lets you try each call.</p></noscript>
${descriptionHtml(description)}
${credentialsHtml()}
${document.tags.map((tag) => tagHtml(tag, document)).join("\n")}
</main>
</body>
</html>
`;
}

/** The operations of one tag under a heading. */
function tagHtml({ name, description }: OpenApiDocument["tags"][number], document: OpenApiDocument): string {
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([verb, operation]) =>
      operation.tags[0] === name ? [{ method: verb.toUpperCase(), path, operation }] : [],
    ),
  );
  return `<section>
<h2>${escapeHtml(name)}</h2>
${descriptionHtml(description)}
${calls.map((call) => operationHtml(call, document)).join("\n")}
</section>`;
}
