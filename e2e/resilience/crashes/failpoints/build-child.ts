import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { CALL_SITES_FILE, type SiteKind } from "./call-site";
import { findCallSites, findWrapped, ROOT, readSources } from "./call-sites";

const ENTRY = "e2e/resilience/crashes/failpoints/child-main.ts";
const OBSERVERS = path.join(ROOT, "e2e/resilience/crashes/failpoints/failpoint.ts");

/** The part of esbuild used here. esbuild is a dependency of tsx. */
interface Esbuild {
  build(options: Record<string, unknown>): Promise<unknown>;
}

interface PluginBuild {
  onResolve(
    options: { filter: RegExp },
    resolve: (args: { path: string }) => { path: string; namespace: string },
  ): void;
  onLoad(
    options: { filter: RegExp; namespace: string },
    load: (args: { path: string }) => { contents: string; loader: "ts"; resolveDir: string } | undefined,
  ): void;
}

/**
 * Bundles the child into the directory `to`, as one file that loads fast, and returns its path. The sources are the product's own;
 * only modules that commit or call are replaced by a wrapper, which exports the same and has failpoints around what it exports.
 */
export async function buildChild(to: string): Promise<string> {
  const sources = readSources();
  const entry = path.join(to, "child.mjs");
  fs.writeFileSync(path.join(to, CALL_SITES_FILE), JSON.stringify(findCallSites(sources)));
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(to, "node_modules"));
  const tsx = createRequire(import.meta.url).resolve("tsx/package.json");
  const esbuild = createRequire(tsx)("esbuild") as Esbuild;
  await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: [ENTRY],
    outfile: entry,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "external",
    sourcesContent: false,
    sourceRoot: "",
    plugins: [wrapModules(findWrapped(sources))],
    logLevel: "error",
  });
  return entry;
}

function wrapModules(wrapped: ReadonlyMap<string, Readonly<Record<string, SiteKind>>>) {
  return {
    name: "wrap what commits or calls",
    setup(build: PluginBuild): void {
      build.onResolve({ filter: /^original:/ }, ({ path: file }) => ({
        path: file.slice("original:".length),
        namespace: "original",
      }));
      build.onLoad({ filter: /\.ts$/, namespace: "original" }, ({ path: file }) => ({
        contents: fs.readFileSync(file, "utf8"),
        loader: "ts",
        resolveDir: path.dirname(file),
      }));
      build.onLoad({ filter: /\.ts$/, namespace: "file" }, ({ path: file }) => {
        const names = wrapped.get(path.relative(ROOT, file).split(path.sep).join("/"));
        if (names === undefined) return undefined;
        return { contents: wrapperOf(file, names), loader: "ts", resolveDir: path.dirname(file) };
      });
    },
  };
}

/** A module that exports what `file` does, with failpoints around the functions in `names`. */
function wrapperOf(file: string, names: Readonly<Record<string, SiteKind>>): string {
  const original = JSON.stringify(`original:${file}`);
  const wrappers = Object.entries(names).map(([name, kind]) => {
    const observer = kind === "commit" ? "observeTransaction" : "observeCall";
    return `export const ${name} = ${observer}(original.${name}, "${name}", "${kind}");`;
  });
  return [
    `import * as original from ${original};`,
    `import { observeCall, observeTransaction } from ${JSON.stringify(OBSERVERS)};`,
    `export * from ${original};`,
    ...wrappers,
  ].join("\n");
}
