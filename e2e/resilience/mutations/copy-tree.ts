import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { invariant } from "@/lib/invariant";
import type { Mutation } from "./mutation";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FOLDERS = ["lib", "db", "app", "e2e"];
const FILES = ["package.json", "tsconfig.json", "vitest.config.ts", "next.config.ts", "proxy.ts"];

/** A copy of the tree in which source may be changed. */
export interface Copy {
  root: string;
  /** Applies a mutation and returns the function that reverts it. Throws unless its text stands exactly once in its file. */
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
      fs.writeFileSync(file, mutated(mutation, original));
      return () => fs.writeFileSync(file, original);
    },
  };
}

/** The unchanged source of a mutation's file. */
export function sourceOf({ file }: Mutation): string {
  return fs.readFileSync(path.join(ROOT, file), "utf8");
}

/** `source` with the mutation applied. Throws unless its text stands there exactly once. */
export function mutated({ name, file, find, replace }: Mutation, source: string): string {
  const parts = source.split(find);
  invariant(
    parts.length === 2,
    `the text of the mutation "${name}" stands ${parts.length - 1} times in ${file}`,
  );
  return parts.join(replace);
}
