import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A server action of the build. */
export interface BuiltAction {
  /** Its value of the `Next-Action` header. */
  id: string;
  /** File below `app/[locale]/` and export, such as `wallet/keys/actions.ts#createKey`. */
  name: string;
  /** Routes of the pages that have it. */
  pages: string[];
}

/** Everything that a build of Next answers, as its own manifests list it. */
export interface Build {
  id: string;
  /** Routes of pages and route handlers, such as `/[locale]/wallet/vaults/[vaultId]`. */
  pages: string[];
  handlers: string[];
  /** Answered from files that the build made: metadata, Next's own error pages. */
  prerendered: string[];
  actions: BuiltAction[];
  /** Paths of the files in `public/`. */
  files: string[];
  /** Paths of the immutable scripts and styles. */
  chunks: string[];
}

const routesSchema = z.record(z.string(), z.string());
const prerenderSchema = z.object({ routes: z.record(z.string(), z.unknown()) });
const actionSchema = z.object({
  filename: z.string(),
  exportedName: z.string(),
  workers: z.record(z.string(), z.unknown()),
});
const referencesSchema = z.object({
  node: z.record(z.string(), actionSchema),
  edge: z.record(z.string(), actionSchema),
});

/** Reads the build below `root`. Throws if there is none or its manifests have an unknown shape. */
export function readBuild(root: string): Build {
  const read = (name: string): unknown => JSON.parse(fs.readFileSync(path.join(root, ".next", name), "utf8"));
  const routeOf = routesSchema.parse(read("app-path-routes-manifest.json"));
  const appPaths = Object.keys(routesSchema.parse(read("server/app-paths-manifest.json")));
  const routes = (end: string) =>
    appPaths.filter((name) => name.endsWith(end)).map((name) => routeOf[name] ?? name);
  const legacy = Object.keys(routesSchema.parse(read("server/pages-manifest.json")));
  const { node, edge } = referencesSchema.parse(read("server/server-reference-manifest.json"));
  return {
    id: fs.readFileSync(path.join(root, ".next", "BUILD_ID"), "utf8").trim(),
    pages: routes("/page"),
    handlers: routes("/route"),
    prerendered: [...Object.keys(prerenderSchema.parse(read("prerender-manifest.json")).routes), ...legacy],
    actions: Object.entries({ ...node, ...edge }).map(([id, { filename, exportedName, workers }]) => ({
      id,
      name: `${filename.replace(/^app\/\[locale\]\//, "")}#${exportedName}`,
      pages: Object.keys(workers).map((worker) => routeOf[worker.replace(/^app/, "")] ?? worker),
    })),
    files: listFiles(path.join(root, "public")).map((name) => `/${name}`),
    chunks: listFiles(path.join(root, ".next", "static")).map((name) => `/_next/static/${name}`),
  };
}

function listFiles(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
}
