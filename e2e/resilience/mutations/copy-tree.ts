import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Mutation } from "./mutation";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FOLDERS = ["lib", "db", "app", "e2e"];
const FILES = ["package.json", "tsconfig.json", "vitest.config.ts", "next.config.ts", "proxy.ts"];

/** A copy of the tree in which source may be changed. */
export interface Copy {
  root: string;
  /** Applies a mutation and returns the function that reverts it. Throws AnchorError when its anchor isn't there. */
  apply(mutation: Mutation): () => void;
}

/** Copies what tests need to the empty directory `root`; node_modules is shared. */
export function copyTree(root: string): Copy {
  for (const folder of FOLDERS)
    fs.cpSync(path.join(ROOT, folder), path.join(root, folder), { recursive: true });
  for (const file of FILES) fs.copyFileSync(path.join(ROOT, file), path.join(root, file));
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));
  return {
    root,
    apply: (mutation) => {
      const file = path.join(root, mutation.file);
      // Read from the copy: the original may be edited during the run.
      const original = fs.readFileSync(file, "utf8");
      fs.writeFileSync(file, mutation.change(original));
      return () => fs.writeFileSync(file, original);
    },
  };
}
