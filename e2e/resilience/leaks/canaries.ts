import { Buffer } from "node:buffer";

/** What a secret is decides where it may be seen. */
export type Kind =
  | "password"
  | "PIN"
  | "API key"
  | "access token"
  | "refresh token"
  | "session cookie"
  | "server secret"
  | "database password"
  | "Google's code"
  | "phone"
  | "bank account"
  | "e-mail"
  | "note";

/** A secret that was planted, and whose it is. */
export interface Canary {
  kind: Kind;
  value: string;
  /** The person it is of; null for the deployment's own. */
  of: string | null;
  /** The one answer that shows it, by its number; null for none. */
  shownIn: number | null;
}

/** A place that was searched: `the app's log`, `operations.phone`, `answer 12: POST /sign-in`. */
export interface Sighting {
  canary: Canary;
  place: string;
}

/** Short digits turn up by chance within longer ones and in fractions of seconds: they count where they stand alone. */
function matcherOf(value: string): (text: string) => boolean {
  if (!/^\d{1,12}$/.test(value)) return (text) => text.includes(value);
  const alone = new RegExp(`(?<![\\w.+-])${value}(?![\\w-])`);
  return (text) => text.includes(value) && alone.test(text);
}

/** A phone as people write it: with and without its country, in pairs, behind zeros. */
function phoneForms(e164: string): string[] {
  const digits = e164.slice(1);
  const national = digits.slice(3);
  const pairs = national.replace(/(\d{2})(?=\d)/g, "$1 ");
  return [e164, digits, `00${digits}`, national, pairs];
}

/** A value and what programs make of it on its way: escaped, encoded, in hexadecimal (as PostgreSQL writes bytes). */
export function formsOf({ kind, value }: Pick<Canary, "kind" | "value">): string[] {
  const plain = kind === "phone" ? phoneForms(value) : [value];
  const isShort = value.length < 8;
  const encoded = isShort
    ? []
    : plain.flatMap((form) => [
        encodeURIComponent(form),
        JSON.stringify(form).slice(1, -1),
        Buffer.from(form).toString("hex"),
        Buffer.from(form).toString("base64").replace(/=+$/, ""),
        Buffer.from(form).toString("base64url"),
      ]);
  return [...new Set([...plain, ...encoded])];
}

/** Everything planted so far, and a search for it. */
export class Aviary {
  readonly #canaries = new Map<string, { canary: Canary; matchers: ((text: string) => boolean)[] }>();

  plant(kind: Kind, value: string, of: string | null, shownIn: number | null = null): string {
    const known = this.#canaries.get(`${kind} ${value}`);
    if (known === undefined && value !== "") {
      const canary = { kind, value, of, shownIn };
      this.#canaries.set(`${kind} ${value}`, { canary, matchers: formsOf(canary).map(matcherOf) });
    }
    return value;
  }

  get size(): number {
    return this.#canaries.size;
  }

  values(): string[] {
    return [...this.#canaries.values()].map(({ canary }) => canary.value);
  }

  /** Which of them `text` shows, once each. */
  search(place: string, text: string): Sighting[] {
    return [...this.#canaries.values()]
      .filter(({ matchers }) => matchers.some((matches) => matches(text)))
      .map(({ canary }) => ({ canary, place }));
  }
}

/** The only columns that may hold each kind: none at all for what proves who somebody is. */
const COLUMNS: Partial<Record<Kind, readonly string[]>> = {
  phone: ["users.phone", "operations.phone", "quotes.phone"],
  "bank account": ["operations.account_number", "quotes.account_number", "webhook_events.raw_body"],
  "e-mail": ["users.email", "webhook_events.raw_body"],
  note: ["operations.note", "quotes.note", "vaults.name"],
};

export function mayBeInColumn({ kind }: Canary, column: string): boolean {
  return COLUMNS[kind]?.includes(column) ?? false;
}

/** What its owner may read on their own pages; nobody else may. */
const OWNERS_OWN: ReadonlySet<Kind> = new Set(["phone", "bank account", "e-mail"]);

/** `note`: the recipient reads it too. */
export function mayBeAnswered({ kind, of, shownIn }: Canary, to: string, number: number): boolean {
  if (kind === "note") return true;
  return shownIn === number || (OWNERS_OWN.has(kind) && of === to);
}
