import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { config } from "@/lib/config";

/** What was typed into a form that could not be run, until its page is opened again. */
export interface FormDraft {
  /** The name of the form's action. */
  form: string;
  /** The page's path and query, without language. */
  path: string;
  /** Whose it is, as {@link ownerTag} says: nobody else gets to see it. Empty for a form that was filled in signed out. */
  owner: string;
  /** Why it was not run. */
  reason: "session" | "version" | "unavailable";
  /** By field, without passwords and PINs. */
  values: Record<string, string>;
}

const LIFETIME_SECONDS = 15 * 60;
/** Browsers keep cookies of up to 4,096 bytes with their name and attributes. */
const SEALED_LENGTH_MAX = 3_600;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const OWNER_TAG_LENGTH = 22;

/** Keys of their own, derived from the secret of sign-in. */
function keyFor(purpose: string): Buffer {
  return createHmac("sha256", config().auth.secret).update(`cauris form drafts: ${purpose}`).digest();
}

/** Stands for a person in forms and drafts: the same for the same person, and tells nothing about them. Empty for nobody. */
export function ownerTag(userId: bigint | null): string {
  if (userId === null) return "";
  const mac = createHmac("sha256", keyFor("owner")).update(userId.toString()).digest("base64url");
  return mac.slice(0, OWNER_TAG_LENGTH);
}

/** What a page says once of what was just done; opened again later, it must not say so. */
const SAID_ONCE = ["done", "saved", "already", "signedOut", "error"];

/** The address of a form's page, of its path and query: the same for every visit. */
export function pageAddress(pathAndQuery: string): string {
  const [path = "/", search = ""] = pathAndQuery.split("?", 2);
  const query = new URLSearchParams(search);
  for (const name of SAID_ONCE) query.delete(name);
  return query.size === 0 ? path : `${path}?${query}`;
}

export function draftCookieName(): string {
  return `${config().isHttps ? "__Host-" : ""}cauris.draft`;
}

/** All that is kept of a form that was filled in signed out: the next person at a shared browser gets to see it. */
const KEPT_OF_NOBODY: ReadonlySet<string> = new Set(["phoneCountry", "locale", "next"]);

function keptOf({ owner, values }: FormDraft): Record<string, string> {
  if (owner !== "") return values;
  return Object.fromEntries(Object.entries(values).filter(([name]) => KEPT_OF_NOBODY.has(name)));
}

/** The Set-Cookie header that keeps a draft for a quarter of an hour, encrypted; null for one that is too long. */
export function draftCookie(draft: FormDraft, now = Date.now()): string | null {
  const text = JSON.stringify({ ...draft, values: keptOf(draft), until: now + LIFETIME_SECONDS * 1000 });
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyFor("seal"), iv);
  const sealed = Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  const value = sealed.toString("base64url");
  return value.length > SEALED_LENGTH_MAX ? null : cookieHeader(value, LIFETIME_SECONDS);
}

/** The Set-Cookie header that forgets the draft: its form was run. */
export function forgottenDraftCookie(): string {
  return cookieHeader("", 0);
}

function cookieHeader(value: string, maxAgeSeconds: number): string {
  const secure = config().isHttps ? "; Secure" : "";
  return `${draftCookieName()}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** The draft in a cookie's value; null for none, for one that is too old and for anything that we didn't write. */
export function openDraft(value: string | undefined, now = Date.now()): FormDraft | null {
  if (value === undefined || value === "" || value.length > SEALED_LENGTH_MAX) return null;
  try {
    const sealed = Buffer.from(value, "base64url");
    const decipher = createDecipheriv("aes-256-gcm", keyFor("seal"), sealed.subarray(0, IV_BYTES));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    const { until, ...draft }: FormDraft & { until: number } = JSON.parse(text.toString("utf8"));
    return until > now ? draft : null;
  } catch {
    return null;
  }
}
