import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
const ALL = ["app/**/*.test.ts", "lib/**/*.test.ts", "db/**/*.test.ts", "e2e/**/*.test.ts"];

/** In a file that replaces modules, variables or the cost of a hash, which the tests of other files would then see. */
const REPLACES =
  /\bvi\.(?:mock|doMock|hoisted|stubGlobal|stubEnv|resetModules)\b|\bprocess\.env\b|\b(?:replaceEnvironment|hashAtFullCost)\b/;

/** The files whose tests share the modules of their worker, which takes half of the time: each module is loaded once for all of them. */
const sharing = ["app", "lib", "db", "e2e"]
  .flatMap((folder) =>
    fs
      .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .map((file) => `${folder}/${file.replaceAll("\\", "/")}`),
  )
  .filter((file) => file.endsWith(".test.ts"))
  .filter((file) => !REPLACES.test(fs.readFileSync(path.join(ROOT, file), "utf8")))
  // Next's folders are named like patterns of a glob: `[locale]`, `(site)`.
  .map((file) => file.replace(/[[\]()]/g, "?"));

const SHARED_SETUP = ["e2e/support/reset-overrides.ts"];

const isDatabase = (file: string) => file.endsWith(".db.test.ts");

/** What tests with a database need beside it. */
const DATABASE = {
  resolve: { alias: { "@node-rs/argon2": path.join(ROOT, "e2e/support/cheap-argon2.ts") } },
  globalSetup: ["e2e/support/cluster.ts"],
};

export default defineConfig({
  resolve: { alias: { "@": ROOT } },
  test: {
    environment: "node",
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // One more than cores: tests also wait, for locks and limits of time.
    maxWorkers: 3,
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
      {
        extends: true,
        test: {
          name: "pure",
          include: sharing.filter((file) => !isDatabase(file)),
          isolate: false,
          setupFiles: SHARED_SETUP,
        },
      },
      {
        extends: true,
        resolve: DATABASE.resolve,
        test: {
          name: "database",
          include: sharing.filter(isDatabase),
          isolate: false,
          setupFiles: SHARED_SETUP,
          globalSetup: DATABASE.globalSetup,
        },
      },
      {
        extends: true,
        resolve: DATABASE.resolve,
        test: {
          name: "isolated",
          include: ALL,
          exclude: ["**/node_modules/**", ...sharing],
          globalSetup: DATABASE.globalSetup,
        },
      },
    ],
  },
});
