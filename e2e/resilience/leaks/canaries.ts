import { Buffer } from "node:buffer";

/** Kinds of secrets: the kind decides where one may be found. */
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

/** A secret that was put into the deployment to see where it turns up. */
export interface Canary {
  kind: Kind;
  value: string;
  /** The name of the person whose it is; null for the deployment's own. */
  owner: string | null;
  /** The number of the only response that may contain it; null for none. */
  shownIn: number | null;
}

/** A canary that was found, and where: `the app's log`, `the column public.operations.phone`. */
export interface Sighting {
  canary: Canary;
  location: string;
}

/** Short numbers occur by chance within longer ones and in timestamps: they must stand alone to match. */
function matcherOf(value: string): (text: string) => boolean {
  if (!/^\d{1,12}$/.test(value)) return (text) => text.includes(value);
  const alone = new RegExp(`(?<![\\w.+-])${value}(?![\\w-])`);
  return (text) => text.includes(value) && alone.test(text);
}

/** Usual spellings of a phone number: with + or 00, without the country code, in pairs. */
function phoneForms(e164: string): string[] {
  const digits = e164.slice(1);
  const national = digits.slice(3);
  const pairs = national.replace(/(\d{2})(?=\d)/g, "$1 ");
  return [e164, digits, `00${digits}`, national, pairs];
}

/** A value and its encodings: URL, JSON, hexadecimal (as PostgreSQL prints bytes), base 64. */
function formsOf({ kind, value }: Pick<Canary, "kind" | "value">): string[] {
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

/** The canaries so far, and the search for them. */
export class CanarySet {
  readonly #canaries = new Map<string, { canary: Canary; matchers: ((text: string) => boolean)[] }>();

  /** Adds a canary, once, and returns its value. */
  add(kind: Kind, value: string, owner: string | null, shownIn: number | null = null): string {
    const known = this.#canaries.get(`${kind} ${value}`);
    if (known === undefined && value !== "") {
      const canary = { kind, value, owner, shownIn };
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

  /** The canaries that occur in `text`, once each. */
  search(location: string, text: string): Sighting[] {
    return [...this.#canaries.values()]
      .filter(({ matchers }) => matchers.some((matches) => matches(text)))
      .map(({ canary }) => ({ canary, location }));
  }
}

/** The only columns that may store a kind in plain text; credentials may be in none. */
const COLUMNS: Partial<Record<Kind, readonly string[]>> = {
  phone: ["users.phone", "operations.phone", "quotes.phone"],
  "bank account": ["operations.account_number", "quotes.account_number", "webhook_events.raw_body"],
  "e-mail": ["users.email", "webhook_events.raw_body"],
  note: ["operations.note", "quotes.note", "vaults.name"],
};

/** `column` as `table.column`. */
export function mayBeInColumn({ kind }: Canary, column: string): boolean {
  return COLUMNS[kind]?.includes(column) ?? false;
}

/** Kinds that only their owner may read, in any response. */
const OWNER_READABLE: ReadonlySet<Kind> = new Set(["phone", "bank account", "e-mail"]);

/** Whether response `number`, to the person `to`, may contain the canary. Notes are read by recipients too. */
export function mayBeInResponse({ kind, owner, shownIn }: Canary, to: string, number: number): boolean {
  if (kind === "note") return true;
  return shownIn === number || (OWNER_READABLE.has(kind) && owner === to);
}
