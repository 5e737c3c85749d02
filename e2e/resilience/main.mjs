#!/usr/bin/env node
// `npm run resilience` from a bare checkout: installs what is missing, then runs main.ts.
import "../../lib/cli/bootstrap/node-version.mjs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");
const { ensureInstalled } = await import("../../lib/cli/bootstrap/install.mjs");
const { createProgress } = await import("../../lib/cli/bootstrap/progress.mjs");
const { ToolError } = await import("../../lib/cli/bootstrap/run.mjs");

const progress = createProgress();
process.chdir(ROOT);
try {
  await ensureInstalled(ROOT, progress);
} catch (error) {
  if (!(error instanceof ToolError)) throw error;
  if (error.output !== "") progress.note(error.output);
  progress.fail(error.message);
  process.exit(2);
}
const { register } = await import("tsx/esm/api");
register();
await import(path.join(ROOT, "e2e", "resilience", "main.ts"));
