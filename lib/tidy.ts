import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { CLIENT_MAY, CLIENT_PACKAGES, LEAVES, ROOMS } from "./tidy-rooms";
import { findImports, type Import, type Scan, scanSource } from "./tidy-scan";

/** One file of the tree: its path from the repository's root, with slashes, and its text. */
export interface SourceFile {
  path: string;
  text: string;
}

export interface Violation {
  path: string;
  rule: string;
  detail: string;
}

const LINES_MAX = 400;
const DRIZZLE = /^drizzle-(orm|kit)(\/|$)/;
const NEVER = /(?!)/;

/** Every TypeScript and JavaScript file that git tracks, or would. */
export function readTree(root: string): SourceFile[] {
  const list = ["-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"];
  const names = execFileSync("git", list, { cwd: root, encoding: "utf8", maxBuffer: 1e8 }).split("\0");
  return names
    .filter((name) => /\.(ts|tsx|mts|mjs)$/.test(name) && fs.existsSync(path.join(root, name)))
    .map((name) => ({ path: name, text: fs.readFileSync(path.join(root, name), "utf8") }));
}

/** Everything in which `files` break the rules of the house. */
export function checkTree(files: readonly SourceFile[]): Violation[] {
  return files.flatMap(checkFile);
}

function checkFile(file: SourceFile): Violation[] {
  const scan = scanSource(file.text);
  const imports = findImports(scan);
  const found = [
    ...checkNames(file, scan, imports),
    ...(isExempt(file.path) ? [] : [...checkRoom(file, imports), ...checkClient(file, imports)]),
  ];
  return found.map(([rule, detail]) => ({ path: file.path, rule, detail }));
}

type Finding = [rule: string, detail: string];

function isTest(name: string): boolean {
  return /\.(test|spec)\.(ts|tsx|mts)$/.test(name) || /^e2e\//.test(name);
}

// Declarations describe a neighbour; tests may reach anywhere.
function isExempt(name: string): boolean {
  return isTest(name) || /\.d\.m?ts$/.test(name);
}

function checkNames({ path: name, text }: SourceFile, scan: Scan, imports: Import[]): Finding[] {
  const found: Finding[] = [];
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  if (lines > LINES_MAX) found.push(["file length", `${lines} lines, at most ${LINES_MAX}`]);
  const vague = name.split("/").find((part) => /^(utils?|helpers?|misc|common|types)(\.|$)/.test(part));
  if (vague !== undefined) found.push(["vague name", vague]);
  const mayDrizzle =
    /(^|\/)store\.ts$/.test(name) || /^db\//.test(name) || /^drizzle\.config\.ts$/.test(name);
  const drizzle = imports.find(({ specifier }) => DRIZZLE.test(specifier ?? ""));
  if (drizzle !== undefined && !mayDrizzle)
    found.push(["drizzle", `${drizzle.specifier} outside of store.ts and db/`]);
  if (!mayReadEnvironment(name) && readsEnvironment(scan, imports)) {
    found.push(["environment", "process.env outside of env files"]);
  }
  const isClient = /\.client\.tsx$/.test(name);
  const declares = /^\s*(["'])use client\1/.test(scan.source);
  const isErrorPage = /(^|\/)(global-)?error\.tsx$/.test(name);
  if (isClient && !declares) found.push(["use client", 'a *.client.tsx file begins with "use client"']);
  if (declares && !isClient && !isErrorPage) found.push(["use client", "only in *.client.tsx"]);
  return found;
}

function mayReadEnvironment(name: string): boolean {
  return (
    isTest(name) ||
    /(^|\/)([^/]+\.)?env\.ts$/.test(name) ||
    /\.config\.(ts|mjs)$/.test(name) ||
    /^(lib\/server\/bin|db\/testing)\//.test(name)
  );
}

function readsEnvironment(scan: Scan, imports: Import[]): boolean {
  const direct = /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\s*\[|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/;
  return direct.test(scan.code) || imports.some(({ specifier }) => /^(node:)?process$/.test(specifier ?? ""));
}

function checkRoom({ path: name }: SourceFile, imports: Import[]): Finding[] {
  const from = withoutExtension(name);
  const room = ROOMS.find(({ owns }) => owns.test(from));
  if (room === undefined) return [["room", "it belongs to no room of the plan"]];
  return imports.flatMap(({ specifier }): Finding[] => {
    // The runner of children imports what it is told.
    if (specifier === null)
      return room.name === "commands" ? [] : [["import", "what it imports must be a literal"]];
    const to = resolveOurs(specifier, name);
    if (to === null) {
      const isDenied = (room.not ?? NEVER).test(specifier) || !(room.only ?? /./).test(specifier);
      return isDenied ? [["import", `${room.name} must not import ${specifier}`]] : [];
    }
    const isOpen = room.may.some((allowed) => allowed.test(to)) || room.owns.test(to);
    if (!isOpen || room.closed?.(from, to)) return [["import", `${room.name} must not import ${to}`]];
    return [];
  });
}

function checkClient({ path: name }: SourceFile, imports: Import[]): Finding[] {
  if (!/\.client\.tsx$/.test(name)) return [];
  return imports.flatMap(({ specifier, typeOnly }): Finding[] => {
    const to = specifier === null ? null : resolveOurs(specifier, name);
    if (to === null) {
      return CLIENT_PACKAGES.test(specifier ?? "") ? [] : [["client", `it must not import ${specifier}`]];
    }
    const isOwnAction =
      path.posix.dirname(to) === path.posix.dirname(name) && /action/.test(path.posix.basename(to));
    const isSchemaType = typeOnly && /(^|\/|-)schema$/.test(to);
    const isOpen = isOwnAction || isSchemaType || CLIENT_MAY.some((allowed) => allowed.test(to));
    return isOpen ? [] : [["client", `it must not import ${to}`]];
  });
}

function withoutExtension(name: string): string {
  return name.replace(/\.(ts|tsx|mts|mjs|js|json|css)$/, "");
}

/** Our file behind a specifier, from the root and without extension or `/index`; null for a package. */
function resolveOurs(specifier: string, from: string): string | null {
  if (specifier.startsWith("@/")) return normalize(specifier.slice(2));
  if (!/^\.{1,2}(\/|$)/.test(specifier)) return null;
  return normalize(path.posix.join(path.posix.dirname(from), specifier));
}

function normalize(name: string): string {
  const plain = withoutExtension(path.posix.normalize(name)).replace(/\/$/, "");
  // A folder stands for its index: keep a trailing part, so that "lib/money" is still inside of lib/money/.
  return /^(lib|db)\/[^/]+$/.test(plain) && !LEAVES.test(plain) && !isSingleFile(plain)
    ? `${plain}/index`
    : plain;
}

function isSingleFile(name: string): boolean {
  return (
    /^db\/(client|transaction|group-calls|outage|migrate|roles)$/.test(name) ||
    /^lib\/tidy(-[a-z]+)?$/.test(name)
  );
}
