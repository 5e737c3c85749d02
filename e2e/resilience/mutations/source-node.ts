import { parseSync } from "@swc/core";

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** A node of a TypeScript file's syntax tree as swc parses it, with its place in the source. */
export class SourceNode {
  private constructor(
    private readonly fields: Fields,
    private readonly source: Buffer,
  ) {}

  /** Throws for source that isn't valid TypeScript. */
  static parse(text: string): SourceNode {
    const module = parseSync(text, { syntax: "typescript", target: "es2022" });
    return new SourceNode({ ...module }, Buffer.from(text));
  }

  /** swc's name of the kind of node, such as CallExpression. */
  get type(): string {
    return typeof this.fields.type === "string" ? this.fields.type : "";
  }

  /** Byte offsets in the source: of its first byte, and after its last. A property has no span of its own in swc. */
  get start(): number {
    return this.child("key")?.start ?? this.offset("start");
  }

  get end(): number {
    return isFields(this.fields.span) ? this.offset("end") : (this.child("value")?.end ?? 0);
  }

  get text(): string {
    return this.source.toString("utf8", this.start, this.end);
  }

  /** The name of an identifier, the value of a string, the operator of a comparison; empty for other nodes. */
  get value(): string {
    const { value, operator } = this.fields;
    if (typeof value === "string") return value;
    return typeof operator === "string" ? operator : "";
  }

  child(name: string): SourceNode | null {
    const value = this.fields[name];
    return isFields(value) && typeof value.type === "string" ? new SourceNode(value, this.source) : null;
  }

  /** The elements of a list: arguments, properties, elements of an array. */
  list(name: string): SourceNode[] {
    const values = this.fields[name];
    if (!Array.isArray(values)) return [];
    return values.filter(isFields).map((value) => {
      const inner = isFields(value.expression) && typeof value.type !== "string" ? value.expression : value;
      return new SourceNode(inner, this.source);
    });
  }

  /** This node and all below it, in the order of the source. */
  *all(): Generator<SourceNode> {
    if (this.type !== "") yield this;
    for (const value of Object.values(this.fields).flat()) {
      if (isFields(value)) yield* new SourceNode(value, this.source).all();
    }
  }

  ofType(type: string): SourceNode[] {
    return [...this.all()].filter((node) => node.type === type);
  }

  /** True when an identifier or a string below it is `name`. */
  mentions(name: string): boolean {
    return [...this.all()].some(({ value }) => value === name);
  }

  private offset(name: "start" | "end"): number {
    const span = this.fields.span;
    // swc counts bytes from 1.
    return isFields(span) && typeof span[name] === "number" ? span[name] - 1 : 0;
  }
}
