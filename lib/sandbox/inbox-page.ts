import { type Incoming, json, type Reply } from "./http";
import type { Inbox, InboxMessage } from "./inbox";
import { escapeHtml, renderPage } from "./page";

const LIST_MAX = 100;

const TITLES = {
  sms: "SMS",
  email: "E-mails",
} as const;

function shown({ id, at, to, from, subject, text, html, vendor }: InboxMessage): string {
  const time = at.slice(11, 19);
  const title = subject === "" ? "" : `<h2>${escapeHtml(subject)}</h2>`;
  const source = html === null ? "" : `<a href="/_mail/${id}.html">HTML</a>`;
  return `<article class="card"><dl><dt>${time} UTC</dt><dd>${escapeHtml(vendor)}</dd><dt>À</dt><dd>${escapeHtml(to)}</dd>
<dt>De</dt><dd>${escapeHtml(from)}</dd></dl>${title}<p class="message">${escapeHtml(text)}</p>${source}</article>`;
}

function listPage(channel: "sms" | "email", messages: readonly InboxMessage[], to: string | null): Reply {
  const path = channel === "sms" ? "/_sms" : "/_mail";
  const whose = to === null ? "" : `<p>${escapeHtml(to)} · <a href="${path}">tous / all</a></p>`;
  const body = messages.map(shown).join("\n") || `<p class="card">Rien encore. / Nothing yet.</p>`;
  return renderPage({
    locale: "fr",
    title: TITLES[channel],
    body: `<p class="note">Bac à sable : rien ne part d'ici. / Sandbox: nothing leaves this machine.</p>
<h1>${TITLES[channel]}</h1>${whose}
<p><a href="/_sms">SMS</a> · <a href="/_mail">E-mails</a></p>${body}`,
  });
}

/** The HTML of one e-mail, without scripts and without anything from elsewhere. */
function htmlPage(message: InboxMessage | null): Reply {
  if (message?.html == null) return json(404, { code: "not_found" });
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    },
    body: message.html,
  };
}

/**
 * `/_sms` and `/_mail`: what was sent, the newest first, with `?to=` of one address; the same in JSON at `/_sms.json`,
 * `/_mail.json` and `/_push.json`. Null for any other address.
 */
export function inboxPage({ method, url }: Incoming, inbox: Inbox): Reply | null {
  if (method !== "GET") return null;
  const to = url.searchParams.get("to");
  const html = /^\/_mail\/([0-9]{1,9})\.html$/.exec(url.pathname)?.[1];
  if (html) return htmlPage(inbox.find(Number(html)));
  const [, name, isJson] = /^\/_(sms|mail|push)(\.json)?$/.exec(url.pathname) ?? [];
  if (name === undefined) return null;
  const channel = name === "mail" ? "email" : name === "sms" ? "sms" : "push";
  const messages = inbox.list({ channel, to, limit: LIST_MAX });
  if (isJson) return json(200, { messages });
  return channel === "push" ? null : listPage(channel, messages, to);
}

/** `POST /push/<name>`: a push service for any subscription; `gone` has ended. What it gets is encrypted for a browser. */
export function takePush({ method, url, rawBody }: Incoming, inbox: Inbox): Reply {
  const name = /^\/push\/([A-Za-z0-9_-]{1,100})$/.exec(url.pathname)?.[1];
  if (method !== "POST" || name === undefined) return json(404, { code: "not_found" });
  if (name.startsWith("gone")) return json(410, { reason: "unsubscribed" });
  const text = `${rawBody.byteLength} bytes`;
  inbox.add({ channel: "push", vendor: "web_push", to: name, from: "", subject: "", text, html: null });
  return { status: 201, headers: { location: `/push/${name}/message` }, body: "" };
}
