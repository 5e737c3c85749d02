import type { HTMLElement } from "node-html-parser";
import { parseHtml } from "@/e2e/support/html";
import { StartError } from "@/lib/start-error";
import type { Answer, Visitor } from "./http-visit";

/** What a first visit to a page sends, in bytes as compressed by the server; headers aren't counted. */
export interface PageSize {
  path: string;
  /** Why there is no page, e.g. "404"; null for one that came. */
  problem: string | null;
  html: number;
  css: number;
  js: number;
  /** Fonts, pictures, icons and the manifest that the page or its style sheets name. */
  other: number;
}

export const TEXT_BYTES_MAX = 20_000;
export const FIRST_VIEW_BYTES_MAX = 170_000;

type Kind = "css" | "js" | "other";

/**
 * Measures a page as its first view: the HTML and each file that the HTML or its style sheets name, once. What scripts
 * fetch later, as the pages that links lead to, isn't part of it.
 */
export async function measurePage(visitor: Visitor, path: string): Promise<PageSize> {
  const size: PageSize = { path, problem: null, html: 0, css: 0, js: 0, other: 0 };
  const page = await visitor.ask(path);
  const type = page.headers["content-type"] ?? "";
  if (page.status !== 200 || !type.startsWith("text/html")) {
    return {
      ...size,
      problem: page.headers.location ? `${page.status} to ${page.headers.location}` : `${page.status}`,
    };
  }
  size.html = page.sentBytes;
  const pageUrl = new URL(path, visitor.base);
  const files = findFiles(page.body.toString("utf8"), page.headers.link, pageUrl);
  // A Map takes what is added while it is walked: what a style sheet names comes last.
  for (const [url, kind] of files) {
    const file = await visitor.ask(url);
    if (file.status !== 200) return { ...size, problem: `${new URL(url).pathname} ${file.status}` };
    size[kind] += file.sentBytes;
    if (kind === "css")
      for (const named of findStyleUrls(file, url)) if (!files.has(named)) files.set(named, "other");
  }
  return size;
}

/** Address → kind of every file that a browser loads for this HTML; inline data isn't a file. */
function findFiles(html: string, linkHeader: string | string[] | undefined, pageUrl: URL): Map<string, Kind> {
  const files = new Map<string, Kind>();
  const add = (address: string | undefined, kind: Kind): void => {
    if (address === undefined || address === "" || /^(data|blob|mailto|tel):/.test(address)) return;
    const url = new URL(address, pageUrl);
    url.hash = "";
    if (!files.has(url.href)) files.set(url.href, kind);
  };
  const page = parseHtml(html);
  const links = page.querySelectorAll("link").map(({ attributes }) => attributes);
  for (const link of [...links, ...linksOfHeader(String(linkHeader ?? ""))]) {
    const kind = kindOfLink(link);
    if (kind !== null) add(link.href, kind);
  }
  for (const script of page.querySelectorAll("script")) {
    // `nomodule` is for browsers that don't know modules: today's skip it.
    if (!script.hasAttribute("nomodule")) add(script.getAttribute("src"), "js");
  }
  for (const element of page.querySelectorAll("img, source, video, audio, iframe")) {
    add(element.getAttribute("src"), "other");
  }
  return files;
}

type LinkAttributes = Readonly<Record<string, string>>;

/** What the answer's own `Link` header asks for (RFC 8288), as if it were written in the page. */
function linksOfHeader(header: string): LinkAttributes[] {
  return [...header.matchAll(/<([^>]*)>([^,<]*)/g)].map(([, href = "", rest = ""]) => {
    const parameters = [...rest.matchAll(/;\s*(\w+)="?([^";]*)"?/g)];
    return Object.fromEntries([
      ["href", href],
      ...parameters.map(([, name = "", value = ""]) => [name, value]),
    ]);
  });
}

function kindOfLink(link: LinkAttributes): Kind | null {
  const relations = (link.rel ?? "").toLowerCase().split(/\s+/);
  const as = link.as?.toLowerCase();
  if (relations.includes("stylesheet") || (relations.includes("preload") && as === "style")) return "css";
  if (relations.includes("modulepreload") || (relations.includes("preload") && as === "script")) return "js";
  return ["preload", "icon", "manifest"].some((relation) => relations.includes(relation)) ? "other" : null;
}

/** Counts every font and picture that a style sheet names, though a browser loads only those in use. */
function findStyleUrls(sheet: Answer, sheetUrl: string): string[] {
  const matches = sheet.body.toString("utf8").matchAll(/url\(\s*["']?([^"')]+)["']?\s*\)/g);
  return [...matches]
    .map((match) => match[1] ?? "")
    .filter((address) => address !== "" && !/^(data:|#)/.test(address))
    .map((address) => new URL(address, sheetUrl).href);
}

/** Which limit a page breaks, as words for the table; empty when it breaks none. */
export function findExcess(size: PageSize): string {
  if (size.problem !== null) return `no page (${size.problem})`;
  const broken: string[] = [];
  if (size.html + size.css > TEXT_BYTES_MAX) broken.push(`HTML and CSS over ${TEXT_BYTES_MAX / 1000} kB`);
  if (totalOf(size) > FIRST_VIEW_BYTES_MAX) broken.push(`first view over ${FIRST_VIEW_BYTES_MAX / 1000} kB`);
  return broken.join(", ");
}

export function totalOf({ html, css, js, other }: PageSize): number {
  return html + css + js + other;
}

/** Signs in by the page's own form. Throws StartError when there is none, or when it is shown again. */
export async function signIn(visitor: Visitor, account: { email: string; password: string }): Promise<void> {
  const path = "/sign-in";
  const page = await visitor.follow(path);
  const form = parseHtml(page.body.toString("utf8"))
    .querySelectorAll("form")
    .find((each) => each.querySelector('input[type="password"]') !== null);
  if (page.status !== 200 || form === undefined) {
    throw new StartError(`${path} has no form with a password (${page.status}).`);
  }
  const data = new FormData();
  // Of the buttons only the first that submits: the one that the enter key presses.
  const button = form
    .querySelectorAll("button")
    .find((each) => (each.getAttribute("type") ?? "submit") === "submit");
  for (const input of [...form.querySelectorAll("input"), ...(button === undefined ? [] : [button])]) {
    const name = input.getAttribute("name");
    const type = input.getAttribute("type");
    if (name === undefined || name === "" || (type === "checkbox" && !input.hasAttribute("checked")))
      continue;
    if (name === "identifier") data.append(name, account.email);
    else if (type === "password") data.append(name, account.password);
    else data.append(name, input.getAttribute("value") ?? "");
  }
  const answer = await submit(visitor, form, data, page.url);
  // A refused form is shown again, with its password field.
  if (answer.status !== 200 || /type="password"/.test(answer.body.toString("utf8"))) {
    throw new StartError(`Signing in as ${account.email} didn't work (${answer.status}): is it the demo?`);
  }
}

/** Posts a form as a browser without JavaScript does. */
async function submit(visitor: Visitor, form: HTMLElement, data: FormData, from: URL): Promise<Answer> {
  const isMultipart = form.getAttribute("enctype")?.toLowerCase() === "multipart/form-data";
  const fields = [...data].map(([name, value]) => [name, String(value)]);
  const coded = new Response(isMultipart ? data : new URLSearchParams(fields));
  const headers = {
    "content-type": coded.headers.get("content-type") ?? "",
    origin: from.origin,
    referer: from.href,
  };
  const target = new URL(form.getAttribute("action") || from.href, from);
  return visitor.follow(target.href, {
    method: "POST",
    headers,
    body: Buffer.from(await coded.arrayBuffer()),
  });
}
