import { createHash } from "node:crypto";
import type { Reply } from "./http";

export type Locale = "fr" | "en";

const STYLE = `
:root { color-scheme: light dark; --paper: #faf7f2; --card: #fff; --ink: #1d1b2e; --muted: #5f5b74; --line: #d9d2c6;
  --main: #26245c; --on-main: #fff; --bad: #a3262a; --note: #fdf1d8; --note-ink: #5a4300; }
@media (prefers-color-scheme: dark) { :root { --paper: #12111c; --card: #1b1a29; --ink: #f2eff9; --muted: #a5a0bb;
  --line: #3a3753; --main: #b9b5ff; --on-main: #17153a; --bad: #ff8f8c; --note: #2d2616; --note-ink: #e9c46a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 1rem; }
.note { background: var(--note); color: var(--note-ink); padding: .75rem 1rem; border-radius: 12px; margin: 0 0 1rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 18px; padding: 1.25rem; margin: 0 0 1rem; }
h1 { font-size: 1.25rem; margin: 0 0 1rem; }
h2 { font-size: 1.0625rem; margin: 0 0 .75rem; }
.message { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
.amount { font-size: 2rem; font-weight: 700; font-variant-numeric: tabular-nums; margin: 0 0 1rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 0 1rem; }
dt { color: var(--muted); } dd { margin: 0; text-align: right; }
label { display: block; font-weight: 600; margin: .75rem 0 .25rem; }
label.check { display: flex; gap: .5rem; align-items: center; min-height: 44px; font-weight: 400; }
input:not([type=checkbox]) { width: 100%; min-height: 48px; padding: .5rem .75rem; font: inherit; color: inherit;
  background: var(--paper); border: 1px solid var(--muted); border-radius: 12px; }
input[type=checkbox] { width: 1.25rem; height: 1.25rem; }
.hint { color: var(--muted); font-size: .9375rem; margin: .25rem 0 0; }
.error { color: var(--bad); font-weight: 600; margin: .25rem 0 0; }
button { width: 100%; min-height: 48px; padding: .5rem .75rem; margin-top: .75rem; font: inherit; font-weight: 600; border-radius: 12px;
  border: 1px solid var(--main); background: var(--main); color: var(--on-main); cursor: pointer; overflow-wrap: anywhere; }
button.secondary { background: transparent; color: var(--main); }
a { color: var(--main); display: inline-block; padding: .5rem 0; }
:focus-visible { outline: 3px solid #c9771a; outline-offset: 2px; }
`;

const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

export function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * A whole page without scripts. `body` is HTML; whatever it contains from outside has gone through
 * {@link escapeHtml}. `formTarget` is where its forms end up: browsers check redirects after a form too.
 */
export function renderPage(page: {
  status?: number;
  locale: Locale;
  title: string;
  body: string;
  formTarget?: string | null;
}): Reply {
  const target = page.formTarget ? ` ${new URL(page.formTarget).origin}` : "";
  return {
    status: page.status ?? 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'${target}; base-uri 'none'; frame-ancestors 'none'`,
      "x-frame-options": "DENY",
    },
    body: `<!doctype html>
<html lang="${page.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)}</title>
<style>${STYLE}</style>
</head>
<body><main>${page.body}</main></body>
</html>`,
  };
}
