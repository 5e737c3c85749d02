import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A server action of the build. */
export interface BuiltAction {
  id: string;
  /** As it is exported: `putMoney`. */
  name: string;
  /** Pages that have it: `/[locale]/wallet/vaults/[vaultId]`. */
  pages: string[];
}

export interface Build {
  actions: readonly BuiltAction[];
  /** Every page and route below them, as `/[locale]/wallet/keys/renew/[keyId]`. */
  pages: readonly string[];
}

const actionsFile = z.object({
  node: z.record(
    z.string(),
    z.object({ exportedName: z.string(), workers: z.record(z.string(), z.unknown()) }),
  ),
});

const read = (...file: string[]): unknown =>
  JSON.parse(fs.readFileSync(path.join(ROOT, ".next", ...file), "utf8"));

/** What the build answers to: nothing is listed by hand. */
export function readBuild(): Build {
  const { node } = actionsFile.parse(read("server", "server-reference-manifest.json"));
  const pages = z.record(z.string(), z.string()).parse(read("app-path-routes-manifest.json"));
  const routes = new Map(Object.entries(pages));
  return {
    actions: Object.entries(node).map(([id, { exportedName, workers }]) => ({
      id,
      name: exportedName,
      pages: Object.keys(workers).map((worker) => routes.get(worker.replace(/^app/, "")) ?? "/[locale]"),
    })),
    pages: Object.values(pages).filter((page) => page.startsWith("/[locale]")),
  };
}
