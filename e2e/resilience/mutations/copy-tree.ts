import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { invariant } from "@/lib/invariant";
import type { Mutant } from "./mutation";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FOLDERS = ["lib", "db", "app", "e2e"];
const FILES = ["package.json", "tsconfig.json", "vitest.config.ts", "next.config.ts", "proxy.ts"];

/** A copy of the tree that may be spoiled. */
export interface Copy {
  root: string;
  /** Puts the defect in, and answers what takes it out again. Throws when its text doesn't stand exactly once in its file. */
  spoil(mutant: Mutant): () => void;
}

/** Copies what tests need to the empty directory `root`; the packages are shared. */
export function copyTree(root: string): Copy {
  for (const folder of FOLDERS)
    fs.cpSync(path.join(ROOT, folder), path.join(root, folder), { recursive: true });
  for (const file of FILES) fs.copyFileSync(path.join(ROOT, file), path.join(root, file));
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));
  return {
    root,
    spoil: (mutant) => {
      const file = path.join(root, mutant.file);
      // The copy's own, not the tree's: that one may be worked on meanwhile.
      const sound = fs.readFileSync(file, "utf8");
      fs.writeFileSync(file, spoiled(mutant, sound));
      return () => fs.writeFileSync(file, sound);
    },
  };
}

/** The text of the mutant's file as it is. */
export function sourceOf({ file }: Mutant): string {
  return fs.readFileSync(path.join(ROOT, file), "utf8");
}

/** The text with the defect in it. Throws when what it replaces isn't there, or is there more than once. */
export function spoiled({ name, file, find, replace }: Mutant, source: string): string {
  const parts = source.split(find);
  invariant(
    parts.length === 2,
    `the text of the defect "${name}" stands ${parts.length - 1} times in ${file}`,
  );
  return parts.join(replace);
}
