import { shownPath } from "@/lib/server/shown-path";

/**
 * Kinds of secrets. `columns` are the only ones that may store a kind in plain text. `readBy`: who may read it in any response;
 * other kinds may stand in one response only, the one that hands the secret out.
 */
const KINDS = {
  password: {},
  PIN: {},
  "API key": {},
  "access token": {},
  "refresh token": {},
  "session cookie": {},
  "server secret": {},
  "database password": {},
  "Google's code": {},
  phone: {
    columns: [
      "users.phone",
      "users.former_phone",
      "operations.phone",
      "quotes.phone",
      "contact_codes.contact",
      "started_sign_ups.contact",
      "outgoing_messages.recipient",
    ],
    readBy: "owner",
  },
  "bank account": {
    columns: ["operations.account_number", "quotes.account_number", "webhook_events.raw_body"],
    readBy: "owner",
  },
  "e-mail": {
    columns: [
      "users.email",
      "webhook_events.raw_body",
      "contact_codes.contact",
      "started_sign_ups.contact",
      "started_sign_ups.email",
      "outgoing_messages.recipient",
    ],
    readBy: "owner",
  },
  note: {
    columns: ["operations.note", "operations.note_folded", "quotes.note", "vaults.name"],
    readBy: "anyone",
  },
} as const satisfies Record<string, { columns?: readonly string[]; readBy?: "owner" | "anyone" }>;

export type Kind = keyof typeof KINDS;
const ruleOf = (kind: Kind): { columns?: readonly string[]; readBy?: "owner" | "anyone" } => KINDS[kind];

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
  const [digits, national] = [e164.slice(1), e164.slice(4)];
  return [e164, digits, `00${digits}`, national, national.replace(/(\d{2})(?=\d)/g, "$1 ")];
}

/** A value and its encodings: URL, JSON, hexadecimal (as PostgreSQL prints bytes), base 64. */
function formsOf({ kind, value }: Canary): string[] {
  const plain = kind === "phone" ? phoneForms(value) : [value];
  if (value.length < 8) return plain;
  const encoded = plain.flatMap((form) => [
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
    const canary = { kind, value, owner, shownIn };
    const key = `${kind} ${value}`;
    if (value !== "" && !this.#canaries.has(key))
      this.#canaries.set(key, { canary, matchers: formsOf(canary).map(matcherOf) });
    return value;
  }

  get all(): Canary[] {
    return [...this.#canaries.values()].map(({ canary }) => canary);
  }

  /** The canaries that occur in `text`, once each. */
  search(location: string, text: string): Sighting[] {
    return [...this.#canaries.values()]
      .filter(({ matchers }) => matchers.some((matches) => matches(text)))
      .map(({ canary }) => ({ canary, location }));
  }
}

/** `column` as `table.column`. */
export function mayBeInColumn({ kind }: Canary, column: string): boolean {
  return ruleOf(kind).columns?.includes(column) ?? false;
}

/** Whether response `number`, to the person `to`, may contain the canary. */
export function mayBeInResponse({ kind, owner, shownIn }: Canary, to: string, number: number): boolean {
  const { readBy } = ruleOf(kind);
  return shownIn === number || readBy === "anyone" || (readBy === "owner" && owner === to);
}

/** Records every response of the app, to be searched for canaries. */
export class ResponseLog {
  readonly #entries: { to: string; request: string; text: string }[] = [];

  constructor(readonly canaries: CanarySet) {}

  /** Records a response to the person `to` of a request such as `GET /wallet?x=y`. Returns its number. */
  record(to: string, request: string, text: string): number {
    return this.#entries.push({ to, request, text });
  }

  /** Canaries in responses that may not contain them, and how many stood in responses that may. */
  search(): { leaked: Sighting[]; allowed: number; count: number } {
    const leaked: Sighting[] = [];
    let allowed = 0;
    for (const [index, { to, request, text }] of this.#entries.entries()) {
      const location = `the response to ${shownPath(request.split("?", 1)[0] ?? "")}`;
      // A page may repeat the URL of its request.
      const repeated = new Set(this.canaries.search(location, request).map(({ canary }) => canary));
      for (const sighting of this.canaries.search(location, text)) {
        if (mayBeInResponse(sighting.canary, to, index + 1)) allowed += 1;
        else if (!repeated.has(sighting.canary)) leaked.push(sighting);
      }
    }
    return { leaked, allowed, count: this.#entries.length };
  }
}
