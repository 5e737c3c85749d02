import type { Access, ApiCall } from "../define-call";
import { PLAIN_OPERATIONS } from "./plain-operations";

/** The addresses of the page's files, each with its version. */
export interface PageFiles {
  script: string;
  bundle: string;
  vendorStyle: string;
  style: string;
}

/**
 * Scripts from here only, none inline. Swagger UI sets its styles through the DOM, which a policy doesn't count as
 * inline, so nothing needs 'unsafe-inline'; `data:` is for the arrows in its style sheet.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join("; ");

/** The documentation's page. Until its script has run, and without it, it is a list of every call. */
export function docsPage(calls: readonly ApiCall[], files: PageFiles): string {
  const rows = [
    ...calls.map(({ method, path, summary, access }) => row(method, path, summary, accessWords(access))),
    ...PLAIN_OPERATIONS.map(({ method, path, operation }) =>
      row(
        method,
        path,
        operation.summary,
        path.endsWith("webhook") || path.startsWith("/webhook") ? "signature" : "anyone",
      ),
    ),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Cauris API</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="${files.vendorStyle}">
<link rel="stylesheet" href="${files.style}">
<script defer src="${files.bundle}"></script>
<script defer src="${files.script}"></script>
</head>
<body>
<header class="top"><a href="/">Cauris</a><a href="/api/openapi.json">openapi.json</a></header>
<main>
<div id="swagger-ui"></div>
<section id="calls" class="calls">
<h1>Cauris API</h1>
<p>Wallets, deposits, transfers and withdrawals as JSON. The whole contract, for people and for generators, is
<a href="/api/openapi.json">the OpenAPI document</a>.</p>
<noscript><p>With JavaScript this page lets you read each call in full and try it.</p></noscript>
<p id="failure" role="alert" hidden>The interactive page couldn’t be loaded. Here is every call:</p>
<table>
<thead><tr><th scope="col">Call</th><th scope="col">What it does</th><th scope="col">Who may</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</section>
</main>
</body>
</html>
`;
}

function row(method: string, path: string, summary: string, access: string): string {
  const call = `<code><b>${method}</b> ${escapeHtml(path)}</code>`;
  return `<tr><td>${call}</td><td>${escapeHtml(summary)}</td><td>${escapeHtml(access)}</td></tr>`;
}

function accessWords(access: Access): string {
  if (access === "anyone") return "anyone";
  return access === "person" ? "access token" : `access token, or key with ${access.permission}`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
