import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { placeFor } from "@/lib/server/postgres-place";
import type { Deployment } from "../deployment";
import { childrenOf } from "../process-tree";
import { type CanarySet, mayBeInColumn, type Sighting } from "./canaries";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Searches the logs of app, worker and PostgreSQL. */
export function searchLogs(deployment: Deployment, home: string, canaries: CanarySet): Sighting[] {
  const cluster = path.join(home, "postgres");
  const files = {
    "the app's log": deployment.logOf("app"),
    "the worker's log": deployment.logOf("worker"),
    "PostgreSQL's log": fs.existsSync(`${cluster}.log`) ? `${cluster}.log` : `${placeFor(cluster)}.log`,
  };
  return Object.entries(files).flatMap(([location, file]) =>
    canaries.search(location, fs.readFileSync(file, "utf8")),
  );
}

/** Searches command lines and titles of our processes, which every account of the machine can read. */
export function searchProcesses(deployment: Deployment, canaries: CanarySet): Sighting[] {
  return (["app", "worker", "database"] as const)
    .flatMap((name) => deployment.pidOf(name) ?? [])
    .flatMap((pid) => [pid, ...childrenOf(pid)])
    .flatMap((pid) => canaries.search("a process's title", readIfThere(`/proc/${pid}/cmdline`)));
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

const ROWS_MAX = 20_000;

/** Searches every column of every table that isn't PostgreSQL's own, as text (bytes in hexadecimal). */
export async function searchDatabase(
  { owner }: Deployment,
  canaries: CanarySet,
): Promise<{ leaked: Sighting[]; allowed: number; columns: number }> {
  const columns = await owner<{ schema: string; table: string; name: string }[]>`
    select table_schema as schema, table_name as table, column_name as name from information_schema.columns
    join information_schema.tables using (table_schema, table_name)
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'
    order by 1, 2, ordinal_position`;
  const leaked: Sighting[] = [];
  let allowed = 0;
  for (const { schema, table, name } of columns) {
    const rows = await owner<{ text: string | null }[]>`
      select ${owner(name)}::text as text from ${owner(schema)}.${owner(table)} limit ${ROWS_MAX}`;
    const text = rows.map((row) => row.text ?? "").join("\n");
    for (const sighting of canaries.search(`the column ${schema}.${table}.${name}`, text)) {
      if (mayBeInColumn(sighting.canary, `${table}.${name}`)) allowed += 1;
      else leaked.push(sighting);
    }
  }
  return { leaked, allowed, columns: columns.length };
}

/** Formats of secrets of any deployment. */
const SECRET_PATTERNS: Readonly<Record<string, RegExp>> = {
  "a database's address with its password":
    /postgres(?:ql)?:\/\/[\w.-]+:[^@\s"'`${}<]{3,}@(?!localhost|127\.0\.0\.1|db\b|host)/,
  "a private key": /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/]{40}/,
  "an API key": /\bsk_live_[A-Za-z0-9_-]{40,}/,
  "a cloud's key": /\b(?:AKIA[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[bp]-[A-Za-z0-9-]{20,})\b/,
};

/** Names of secrets, which no script for browsers needs. */
const SECRET_NAMES =
  /\b(?:AUTH_SECRET|PIN_SECRET|JWT_SECRET_KEY|DATABASE_URL|PAYSTACK_SECRET_KEY|GETMIPAY_(?:API_KEY|SECRET_KEY|WEBHOOK_SECRET)|GOOGLE_CLIENT_SECRET)\b/;

/** The kind of secret that occurs in `text` by its format; null for none. */
export function secretIn(text: string): string | null {
  return Object.entries(SECRET_PATTERNS).find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

interface FileSearch {
  files: number;
  problems: string[];
}

/** Searches the files of the build for browsers for canaries, secrets and names of secrets; the source and the build's manifests for secrets. */
export function searchFiles(canaries: CanarySet): FileSearch {
  const bundle = filesBelow(path.join(ROOT, ".next", "static"), /\.(?:js|css|json|map|txt)$/);
  const root = fs.readdirSync(ROOT).filter((name) => SOURCE.test(name));
  const tree = [
    ...FOLDERS.flatMap((folder) => filesBelow(path.join(ROOT, folder), SOURCE)),
    ...root.map((name) => path.join(ROOT, name)),
    ...filesBelow(path.join(ROOT, ".next", "server"), /manifest.*\.(?:js|json)$/),
  ];
  const foundInBundle = (text: string) => [
    secretIn(text) ?? SECRET_NAMES.exec(text)?.[0] ?? null,
    ...canaries.search("", text).map(({ canary }) => `a ${canary.kind}`),
  ];
  const search = (files: string[], foundIn: (text: string) => (string | null)[]) =>
    files.flatMap((file) =>
      foundIn(fs.readFileSync(file, "utf8"))
        .filter((found) => found !== null)
        .map((found) => `${path.relative(ROOT, file)} has ${found}`),
    );
  const problems = [...search(bundle, foundInBundle), ...search(tree, (text) => [secretIn(text)])];
  return { files: bundle.length + tree.length, problems };
}

const SOURCE = /\.(?:[cm]?[jt]sx?|json|ya?ml|sql|md|env|example|css|svg|sh|txt)$/;
const FOLDERS = ["app", "db", "e2e", "lib", "public", ".ci", ".github"];

function filesBelow(folder: string, wanted: RegExp): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
