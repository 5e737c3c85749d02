import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { rewriteSources, type SourceText } from "./rewrite";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const COPIED = ["lib", "db", "e2e/resilience/crashes/failpoints"];
const COPIED_AS_IS = ["tsconfig.json", "package.json"];
const ENTRY = "e2e/resilience/crashes/failpoints/child-main.ts";

/** The part of esbuild used here. esbuild is a dependency of tsx. */
interface Esbuild {
  build(options: Record<string, unknown>): Promise<unknown>;
}

/** The sources that the copy needs, without tests. */
export function readSources(root: string = ROOT): SourceText[] {
  return COPIED.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.test)\.(ts|mjs|json)$/.test(entry.name))
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return {
          path: path.relative(root, file).split(path.sep).join("/"),
          text: fs.readFileSync(file, "utf8"),
        };
      }),
  );
}

export interface Copy {
  /** Names of all failpoints in it. */
  failpoints: string[];
  /** The bundle that a child runs: one file, which loads fast. */
  entry: string;
}

/** Writes an instrumented copy of the tree to the empty directory `to`. */
export async function copyTree(to: string): Promise<Copy> {
  const { files, failpoints } = rewriteSources(readSources());
  for (const file of files) {
    const target = path.join(to, file.path);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, file.text);
  }
  for (const name of COPIED_AS_IS) fs.copyFileSync(path.join(ROOT, name), path.join(to, name));
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(to, "node_modules"));
  return { failpoints, entry: await bundle(to) };
}

async function bundle(tree: string): Promise<string> {
  const tsx = createRequire(import.meta.url).resolve("tsx/package.json");
  const esbuild = createRequire(tsx)("esbuild") as Esbuild;
  const entry = path.join(tree, "child.mjs");
  await esbuild.build({
    entryPoints: [path.join(tree, ENTRY)],
    outfile: entry,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    tsconfig: path.join(tree, "tsconfig.json"),
    logLevel: "error",
  });
  return entry;
}
