// Finds every place in the sources that commits or calls a provider, by the names of what it calls.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "@swc/core";
import { type CallSite, PROVIDER_CALLS, positionOf, type SiteKind } from "./call-site";

export const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));

/** A source file: its path from the root, with slashes, and its text. */
export interface SourceText {
  path: string;
  text: string;
}

/** Functions that commit or call, by file: the child's build wraps them. */
const WRAPPED: Readonly<Record<string, Readonly<Record<string, SiteKind>>>> = {
  "db/transaction.ts": { inTransaction: "commit" },
  "lib/auth/google-token.ts": { redeemGoogleCode: "call" },
  "lib/providers/exchange.ts": { exchange: "call" },
};

/** Where functions that take the pool commit by themselves, and where all of this is called. */
const OWN_COMMITTING =
  /^lib\/((services|ledger)\/(.+\/)?store|ledger\/post|services\/rate-limits\/consume)\.ts$/;
const CALLING = /^lib\/(services|ledger|jobs|api|providers)\//;

/** The sources of `lib` and `db`, without tests. */
export function readSources(): SourceText[] {
  return ["lib", "db"].flatMap((folder) =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.(test|d))\.ts$/.test(entry.name))
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return {
          path: path.relative(ROOT, file).split(path.sep).join("/"),
          text: fs.readFileSync(file, "utf8"),
        };
      }),
  );
}

/** What the child's build wraps: kinds by name by file. */
export function findWrapped(sources: readonly SourceText[]): Map<string, Record<string, SiteKind>> {
  const own = sources
    .filter((source) => OWN_COMMITTING.test(source.path))
    .map((source) => {
      const names = exportedFunctions(source)
        .filter(({ isAsync, connection }) => isAsync && connection === "Database")
        .map(({ name }) => [name, "statement"]);
      return [source.path, Object.fromEntries(names)] as [string, Record<string, SiteKind>];
    });
  return new Map([...Object.entries(WRAPPED), ...own.filter(([, names]) => Object.keys(names).length > 0)]);
}

/**
 * What would commit where no failpoint can stand: store functions that take any connection and write, and files beside stores that
 * open a transaction without inTransaction.
 */
export function findHiddenCommits(sources: readonly SourceText[]): string[] {
  const isMemberCall = (node: unknown, names: RegExp) =>
    callsIn(node).some(({ callee, isMember }) => isMember && names.test(callee));
  return sources.flatMap((source) => {
    if (!OWN_COMMITTING.test(source.path)) {
      const opens = CALLING.test(source.path) && isMemberCall(parse(source.text), /^(transaction|begin)$/);
      return opens ? [source.path] : [];
    }
    return exportedFunctions(source)
      .filter(
        ({ connection, body }) => connection === "Reader" && isMemberCall(body, /^(insert|update|delete)$/),
      )
      .map(({ name }) => `${name} in ${source.path}`);
  });
}

/** Every place that commits or calls, in the order of files and lines. */
export function findCallSites(sources: readonly SourceText[]): CallSite[] {
  const kinds = new Map([...findWrapped(sources).values()].flatMap((names) => Object.entries(names)));
  for (const name of Object.keys(PROVIDER_CALLS)) kinds.set(`.${name}`, "call");
  return sources
    .filter(({ path: file }) => CALLING.test(file) && !OWN_COMMITTING.test(file))
    .flatMap((source) => sitesOf(source, kinds));
}

function sitesOf({ path: file, text }: SourceText, kinds: ReadonlyMap<string, SiteKind>): CallSite[] {
  const seen = new Map<string, number>();
  return callsIn(parse(text)).flatMap(({ callee, isMember, firstArgument, span }) => {
    const kind = kinds.get(isMember ? `.${callee}` : callee);
    // A statement that is given a transaction belongs to it.
    if (kind === undefined || (kind === "statement" && firstArgument === "tx")) return [];
    const number = (seen.get(callee) ?? 0) + 1;
    seen.set(callee, number);
    const prefix = file.replace(/^lib\/(services\/)?/, "").replace(/\.ts$/, "");
    const name = kind === "commit" ? `${prefix}.${number}` : `${prefix}.${callee}.${number}`;
    const [from, to] = [textPosition(text, span.start), textPosition(text, span.end)];
    return [{ name, kind, callee, path: file, from, to }];
  });
}

/** The failpoints of call sites. */
export function failpointsOf(sites: readonly CallSite[]): string[] {
  return sites.flatMap(({ name, kind }) => [`${name}:before-${kind}`, `${name}:after-${kind}`]);
}

/** A node of swc's tree, as far as it is looked at here. */
interface Node {
  type?: string;
  span?: Span;
  [property: string]: unknown;
}

/** In bytes, from 1. */
interface Span {
  start: number;
  end: number;
}

interface Call {
  callee: string;
  isMember: boolean;
  firstArgument: string | null;
  span: Span;
}

function parse(text: string): Node {
  return parseSync(text, { syntax: "typescript", target: "es2024" }) as unknown as Node;
}

function textPosition(text: string, byte: number): number {
  const before = Buffer.from(text)
    .subarray(0, byte - 1)
    .toString()
    .split("\n");
  return positionOf(before.length - 1, before.at(-1)?.length ?? 0);
}

/** Every call of a plain or a member name below `node`, in the order of the text. */
function callsIn(node: unknown): Call[] {
  if (Array.isArray(node)) return node.flatMap(callsIn);
  if (typeof node !== "object" || node === null) return [];
  const inner = Object.values(node).flatMap(callsIn);
  const { type, callee, arguments: args, span } = node as Node;
  if (type !== "CallExpression" || span === undefined) return inner;
  const isMember = (callee as Node).type === "MemberExpression";
  const name = nameOf(isMember ? (callee as Node).property : callee);
  if (name === null) return inner;
  const [first] = args as { expression: Node }[];
  return [{ callee: name, isMember, firstArgument: nameOf(first?.expression), span }, ...inner];
}

function nameOf(node: unknown): string | null {
  const { type, value } = (node ?? {}) as Node;
  return type === "Identifier" && typeof value === "string" ? value : null;
}

interface ExportedFunction {
  name: string;
  isAsync: boolean;
  /** The type of its first parameter, when it has a name. */
  connection: string | null;
  body: unknown;
}

function exportedFunctions({ text }: SourceText): ExportedFunction[] {
  return (parse(text).body as Node[]).flatMap((statement) => {
    const declared = statement.declaration as Node | undefined;
    if (statement.type !== "ExportDeclaration" || declared?.type !== "FunctionDeclaration") return [];
    const [first] = declared.params as { pat: { typeAnnotation?: { typeAnnotation: Node } } }[];
    return [
      {
        name: nameOf(declared.identifier) ?? "",
        isAsync: declared.async === true,
        connection: nameOf(first?.pat.typeAnnotation?.typeAnnotation.typeName),
        body: declared.body,
      },
    ];
  });
}
