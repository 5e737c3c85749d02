import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FOLDERS = ["lib", "db", "app", "e2e"];
const FILES = ["package.json", "tsconfig.json", "vitest.config.ts", "next.config.ts", "proxy.ts"];

/** Copies what tests need to the empty directory `root`, where source may be changed; node_modules is shared. */
export function copyTree(root: string): void {
  for (const name of [...FOLDERS, ...FILES])
    fs.cpSync(path.join(ROOT, name), path.join(root, name), { recursive: true });
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));
}
