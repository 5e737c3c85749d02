import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { rewriteSources, type SourceText } from "./rewrite";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const COPIED = ["lib", "db", "e2e/resilience/crashes/failpoints"];
const PLAIN = ["tsconfig.json", "package.json"];
const ENTRY = "e2e/resilience/crashes/failpoints/child.ts";

/** As much of esbuild as is used here: it comes with tsx, which translates our sources with it everywhere else. */
interface Esbuild {
  build(options: Record<string, unknown>): Promise<unknown>;
}

/** The sources that a copy of the tree needs, without tests. */
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
  /** The names of all its points. */
  points: string[];
  /** What a child of it runs: one file, so that the next one after a death is there at once. */
  entry: string;
}

/** Writes an instrumented copy of the tree to the empty directory `to`. */
export async function copyTree(to: string): Promise<Copy> {
  const { files, points } = rewriteSources(readSources());
  for (const file of files) {
    const target = path.join(to, file.path);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, file.text);
  }
  for (const name of PLAIN) fs.copyFileSync(path.join(ROOT, name), path.join(to, name));
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(to, "node_modules"));
  return { points, entry: await bundle(to) };
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
