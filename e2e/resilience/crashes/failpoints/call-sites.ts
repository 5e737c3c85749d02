// Finds every place in the sources that commits or calls a provider, by the names of what it calls.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "@swc/core";
import { PROVIDER_CALLS } from "./failpoint";

export const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));

/** A source file: its path from the root, with slashes, and its text. */
export interface SourceText {
  path: string;
  text: string;
}

/** A transaction, a statement that commits by itself, or a call of somebody else's server. */
export type SiteKind = "commit" | "statement" | "call";

/** One call expression that has failpoints: `<name>:before-<kind>` and `<name>:after-<kind>`. */
export interface CallSite {
  /** `withdrawals/submit-withdrawal.1` for a transaction, `withdrawals/submit-withdrawal.createPayout.1` for others. */
  name: string;
  kind: SiteKind;
  /** The name of what is called. */
  callee: string;
  /** Of that name: `<path>:<line>:<column>`, as a stack trace says where a call was made. */
  place: string;
}

/** Functions that commit or call, by file: the child's build wraps them. */
const WRAPPED: Readonly<Record<string, Readonly<Record<string, SiteKind>>>> = {
  "db/transaction.ts": { inTransaction: "commit" },
  "lib/auth/google-token.ts": { redeemGoogleCode: "call" },
  "lib/messaging/registry.ts": { sendByChannel: "call" },
  "lib/providers/exchange.ts": { exchange: "call" },
};

/** Where functions that take the pool commit by themselves, and where all of this is called. */
const OWN_COMMITTING =
  /^lib\/((services|ledger)\/(.+\/)?store|ledger\/post|services\/rate-limits\/consume)\.ts$/;
const CALLING = /^lib\/(services|ledger|jobs|api|providers|messaging)\//;

/** The sources of `lib`, without tests. */
export function readSources(): SourceText[] {
  return fs
    .readdirSync(path.join(ROOT, "lib"), { recursive: true, encoding: "utf8" })
    .filter((file) => /(?<!\.(test|d))\.ts$/.test(file))
    .map((file) => path.posix.join("lib", ...file.split(path.sep)))
    .map((file) => ({ path: file, text: fs.readFileSync(path.join(ROOT, file), "utf8") }));
}

/** What the child's build wraps: kinds by name by file. */
export function findWrapped(sources: readonly SourceText[]): Map<string, Record<string, SiteKind>> {
  const wrapped = new Map(Object.entries(WRAPPED));
  for (const source of sources.filter(({ path: file }) => OWN_COMMITTING.test(file))) {
    const names = exportedFunctions(source)
      .filter(({ isAsync, connection }) => isAsync && connection === "Database")
      .map(({ name }) => [name, "statement"] as const);
    if (names.length > 0) wrapped.set(source.path, Object.fromEntries(names));
  }
  return wrapped;
}

/**
 * What would commit where no failpoint can stand: store functions that take any connection and write, and files beside stores that
 * open a transaction without inTransaction.
 */
export function findHiddenCommits(sources: readonly SourceText[]): string[] {
  const isMemberCalled = (node: Node, names: RegExp) =>
    callsIn(node).some(({ callee, isMember }) => isMember && names.test(callee));
  return sources.flatMap((source) => {
    if (OWN_COMMITTING.test(source.path))
      return exportedFunctions(source)
        .filter(
          ({ connection, node }) =>
            connection === "Reader" && isMemberCalled(node, /^(insert|update|delete)$/),
        )
        .map(({ name }) => `${name} in ${source.path}`);
    const opens = CALLING.test(source.path) && isMemberCalled(parse(source.text), /^(transaction|begin)$/);
    return opens ? [source.path] : [];
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
  const tree = parse(text);
  const imported = new Set(
    (tree.body as Node[])
      .filter(({ type }) => type === "ImportDeclaration")
      .flatMap(({ specifiers }) => (specifiers as Node[]).map(({ local }) => nameOf(local))),
  );
  return callsIn(tree).flatMap(({ callee, isMember, at }) => {
    const kind = kinds.get(isMember ? `.${callee}` : callee);
    // A file may have a function of its own with the same name.
    if (kind === undefined || !(isMember || imported.has(callee))) return [];
    const number = (seen.get(callee) ?? 0) + 1;
    seen.set(callee, number);
    const prefix = file.replace(/^lib\/(services\/)?/, "").replace(/\.ts$/, "");
    const name = kind === "commit" ? `${prefix}.${number}` : `${prefix}.${callee}.${number}`;
    const lines = Buffer.from(text)
      .subarray(0, at - 1)
      .toString()
      .split("\n");
    return [{ name, kind, callee, place: `${file}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}` }];
  });
}

/** The failpoints of call sites. */
export function failpointsOf(sites: readonly CallSite[]): string[] {
  return sites.flatMap(({ name, kind }) => [`${name}:before-${kind}`, `${name}:after-${kind}`]);
}

/** A node of swc's tree, as far as it is looked at here. */
interface Node {
  type?: string;
  [property: string]: unknown;
}

function parse(text: string): Node {
  return parseSync(text, { syntax: "typescript", target: "es2024" }) as unknown as Node;
}

/** Every call of a plain or a member name below `node`, in the order of the text, with the byte (from 1) of that name. */
function callsIn(node: unknown): { callee: string; isMember: boolean; at: number }[] {
  if (Array.isArray(node)) return node.flatMap(callsIn);
  if (typeof node !== "object" || node === null) return [];
  const inner = Object.values(node).flatMap(callsIn);
  const { type, callee } = node as { type: string; callee: Node };
  if (type !== "CallExpression") return inner;
  const isMember = callee.type === "MemberExpression";
  const called = isMember ? callee.property : callee;
  const name = nameOf(called);
  if (name === "") return inner;
  return [{ callee: name, isMember, at: (called as { span: { start: number } }).span.start }, ...inner];
}

function nameOf(node: unknown): string {
  const { type, value } = (node ?? {}) as Node;
  return type === "Identifier" ? String(value) : "";
}

function exportedFunctions({ text }: SourceText) {
  return (parse(text).body as Node[]).flatMap(({ type, declaration }) => {
    const declared = declaration as Node | undefined;
    if (type !== "ExportDeclaration" || declared?.type !== "FunctionDeclaration") return [];
    const [first] = declared.params as { pat: { typeAnnotation?: { typeAnnotation: Node } } }[];
    // The type of its first parameter, when it has a name.
    const connection = nameOf(first?.pat.typeAnnotation?.typeAnnotation.typeName);
    return [
      { name: nameOf(declared.identifier), isAsync: declared.async === true, connection, node: declared },
    ];
  });
}
