/** A JSON value with the text that it was written as: numbers keep their digits, and nothing is written anew. */
export type JsonNode =
  | { kind: "object"; text: string; members: ReadonlyMap<string, JsonNode> }
  | { kind: "array"; text: string; items: readonly JsonNode[] }
  | { kind: "string"; text: string; value: string }
  /** A number, `true`, `false` or `null`: its text says which. */
  | { kind: "other"; text: string };

export type JsonObject = Extract<JsonNode, { kind: "object" }>;

/** Deeper than any callback needs, shallow enough for recursion over it. */
const DEPTH_MAX = 16;
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

interface Token {
  text: string;
  start: number;
}

/** Thrown for JSON that two parsers could read differently, or that is nested too deeply. */
class AmbiguousJson extends Error {
  override name = "AmbiguousJson";
}

/** Walks the tokens of a text that JSON.parse has accepted. */
class Reader {
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
  ) {}

  read(depth: number): JsonNode {
    const { text, start } = this.next();
    if (text === "{" || text === "[") {
      if (depth === DEPTH_MAX) throw new AmbiguousJson("nested too deeply");
      return text === "{" ? this.readObject(start, depth) : this.readArray(start, depth);
    }
    return text.startsWith('"') ? { kind: "string", text, value: unquote(text) } : { kind: "other", text };
  }

  private readObject(start: number, depth: number): JsonNode {
    const members = new Map<string, JsonNode>();
    if (this.peek() === "}") this.next();
    else {
      do {
        const key = unquote(this.next().text);
        if (members.has(key)) throw new AmbiguousJson("a repeated key");
        this.next();
        members.set(key, this.read(depth + 1));
      } while (this.next().text === ",");
    }
    return { kind: "object", text: this.from(start), members };
  }

  private readArray(start: number, depth: number): JsonNode {
    const items: JsonNode[] = [];
    if (this.peek() === "]") this.next();
    else {
      do items.push(this.read(depth + 1));
      while (this.next().text === ",");
    }
    return { kind: "array", text: this.from(start), items };
  }

  private from(start: number): string {
    return this.text.slice(start, (this.tokens[this.position - 1]?.start ?? start) + 1);
  }

  private peek(): string | undefined {
    return this.tokens[this.position]?.text;
  }

  private next(): Token {
    const token = this.tokens[this.position];
    if (token === undefined) throw new AmbiguousJson("cut short");
    this.position += 1;
    return token;
  }
}

function unquote(text: string): string {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "string") throw new AmbiguousJson("a key that is no text");
  return value;
}

/** Null for what isn't JSON, has a key twice in one object, or is nested more than {@link DEPTH_MAX} deep. */
export function parseJsonNode(text: string): JsonNode | null {
  try {
    // First, since it bears any depth, and on text that isn't JSON the tokens could take quadratic time.
    JSON.parse(text);
    const tokens = [...text.matchAll(TOKEN)].map(({ 0: token, index }) => ({ text: token, start: index }));
    return new Reader(text, tokens).read(0);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof AmbiguousJson) return null;
    throw error;
  }
}

/** A member of an object; null for a missing one, for `null` itself, and for what isn't an object. */
export function memberOf(node: JsonNode | null, name: string): JsonNode | null {
  const member = node?.kind === "object" ? node.members.get(name) : undefined;
  return member === undefined || member.text === "null" ? null : member;
}

/** The text of a string or the digits of a whole number, trimmed; null for anything else. */
export function wordOf(node: JsonNode | null): string | null {
  if (node?.kind === "string") return node.value.trim();
  return node?.kind === "other" && /^[0-9]+$/.test(node.text) ? node.text : null;
}

const MENTIONS_MAX = 32;
const MENTION = /^[\x21-\x3f\x41-\x7e]{1,128}$/;
/** Members that hold what people are called or reached by, which never names an operation. */
const PERSONAL_MEMBER =
  /mail|phone|mobile|msisdn|wallet|account|iban|bvn|name$|card|^bin$|last_?4|address|^ip|message|description|note|authorization/i;

/** A reference of ours, in a description too; a transfer at Paystack has an ending. */
const OWN_REFERENCE = /^txn-?[0-9a-z]{12}(-payout)?$/i;

/**
 * Texts and whole numbers that may name an operation, each once, at most {@link MENTIONS_MAX}, those shaped like our references
 * first. They are stored, so that people's e-mail addresses, phones and account numbers stay out.
 */
export function mentionsOf(node: JsonNode): string[] {
  const own = new Set<string>();
  const others = new Set<string>();
  const walk = (each: JsonNode, name: string): void => {
    if (each.kind === "object") {
      for (const [key, member] of each.members) walk(member, key);
    } else if (each.kind === "array") for (const item of each.items) walk(item, name);
    else {
      const word = wordOf(each);
      if (word === null || !MENTION.test(word)) return;
      if (OWN_REFERENCE.test(word)) own.add(word);
      else if (others.size < MENTIONS_MAX && !PERSONAL_MEMBER.test(name)) others.add(word);
    }
  };
  walk(node, "");
  return [...own, ...others].slice(0, MENTIONS_MAX);
}
