import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { Plugin } from "esbuild";
import { findCallSites, findWrapped, ROOT, readSources, type SiteKind } from "./call-sites";
import { CALL_SITES_FILE } from "./failpoint";

const FOLDER = path.join(ROOT, "e2e/resilience/crashes/failpoints");
const ORIGINAL = "?original";
/** Files of verbs: whatever workloads call by its name. */
const VERBS = /^lib\/services\/.+(?<!\/store)\.ts$/;

/**
 * Bundles the child into the directory `to`, as one file that loads fast, and returns its path. The sources are the product's own;
 * only a module that commits or calls is replaced by a wrapper, which exports the same with failpoints around it.
 */
export async function buildChild(to: string): Promise<string> {
  const sources = readSources();
  const entry = path.join(to, "child.mjs");
  const names = findCallSites(sources).map(({ place, name }) => [path.join(ROOT, place), name]);
  fs.writeFileSync(path.join(to, CALL_SITES_FILE), JSON.stringify(Object.fromEntries(names)));
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(to, "node_modules"));
  // esbuild is a dependency of tsx.
  const tsx = createRequire(import.meta.url).resolve("tsx/package.json");
  const esbuild = createRequire(tsx)("esbuild") as typeof import("esbuild");
  await esbuild.build({
    absWorkingDir: ROOT,
    stdin: { contents: entryOf(sources.map((source) => source.path)), resolveDir: FOLDER, loader: "ts" },
    outfile: entry,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: true,
    sourcesContent: false,
    plugins: [wrapModules(findWrapped(sources))],
    logLevel: "error",
  });
  return entry;
}

/** Starts the child with every verb, so that a workload calls any of them. */
function entryOf(files: readonly string[]): string {
  const verbs = files.filter((file) => VERBS.test(file)).map((file) => path.join(ROOT, file));
  const modules = [path.join(FOLDER, "process-calls.ts"), ...verbs];
  const imports = modules.map((file, index) => `import * as verbs${index} from ${JSON.stringify(file)};`);
  const all = modules.map((_file, index) => `verbs${index}`).join(", ");
  return `import { runChild } from "./child";\n${imports.join("\n")}\nawait runChild([${all}]);`;
}

function wrapModules(wrapped: ReadonlyMap<string, Readonly<Record<string, SiteKind>>>): Plugin {
  return {
    name: "wrap what commits or calls",
    setup(build) {
      build.onResolve({ filter: /\?original$/ }, ({ path: file }) => ({
        path: file.slice(0, -ORIGINAL.length),
        suffix: ORIGINAL,
      }));
      build.onLoad({ filter: /\.ts$/ }, ({ path: file, suffix }) => {
        const names = wrapped.get(path.relative(ROOT, file).split(path.sep).join("/"));
        return names === undefined || suffix === ORIGINAL
          ? undefined
          : { contents: wrapperOf(file, names), loader: "ts", resolveDir: FOLDER };
      });
    },
  };
}

/** A module that exports what `file` does, with failpoints around the functions in `names`. */
function wrapperOf(file: string, names: Readonly<Record<string, SiteKind>>): string {
  const original = JSON.stringify(file + ORIGINAL);
  const wrappers = Object.entries(names).map(([name, kind]) => {
    const observed =
      kind === "commit" ? `observeTransaction(original.${name})` : `observeCall(original.${name}, "${kind}")`;
    return `export const ${name} = ${observed};`;
  });
  return `
    import * as original from ${original};
    import { observeCall, observeTransaction } from "./failpoint";
    export * from ${original};
    ${wrappers.join("\n")}`;
}
