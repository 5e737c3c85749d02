import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const ALL = ["app/**/*.test.ts", "lib/**/*.test.ts", "db/**/*.test.ts", "e2e/**/*.test.ts"];

const DATABASE = "**/*.db.test.ts";

/** Folders whose tests need no database, and change nothing that another file's tests see. */
const PURE =
  "app lib/cli lib/http lib/i18n lib/messaging lib/money lib/next lib/providers lib/sandbox lib/ui".split(
    " ",
  );

/** In a file that replaces modules or variables, which the tests of other files would then see. */
const REPLACES = /\bvi\.(?:mock|doMock|hoisted|stubGlobal|stubEnv|resetModules)\b|\bprocess\.env\b/;

/** The files whose tests share the modules of their worker: each module is loaded once for all of them. */
function pureFiles(): string[] {
  return PURE.flatMap((folder) =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
      .filter((file) => /(?<!\.db)\.test\.ts$/.test(file))
      .filter((file) => !REPLACES.test(fs.readFileSync(path.join(ROOT, file), "utf8"))),
  );
}

// Next's folders are named like patterns of a glob: `[locale]`, `(site)`.
const pure = pureFiles().map((file) => file.replace(/[[\]()]/g, "?"));

export default defineConfig({
  resolve: { alias: { "@": ROOT } },
  test: {
    environment: "node",
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // Vite sets BASE_URL to its own; ours is the app's address.
    env: {
      BASE_URL: "http://localhost:3000",
      // For code that only parses it; a test that connects has a database of its own.
      DATABASE_URL: "postgres://nobody@127.0.0.1:1/none",
      AUTH_SECRET: "only-for-tests-only-for-tests-only-for-tests",
      PIN_SECRET: "pins-of-tests-pins-of-tests-pins-of-tests",
      LOG_LEVEL: "silent",
    },
    projects: [
      { extends: true, test: { name: "pure", include: pure, isolate: false } },
      {
        extends: true,
        test: {
          name: "isolated",
          include: ALL,
          exclude: ["**/node_modules/**", ...pure, DATABASE],
          globalSetup: ["e2e/support/cluster.ts"],
        },
      },
      {
        extends: true,
        resolve: { alias: { "@node-rs/argon2": path.join(ROOT, "e2e/support/cheap-argon2.ts") } },
        test: {
          name: "database",
          include: [DATABASE],
          globalSetup: ["e2e/support/cluster.ts"],
        },
      },
    ],
  },
});
