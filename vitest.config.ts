import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    environment: "node",
    include: ["app/**/*.test.ts", "lib/**/*.test.ts", "db/**/*.test.ts", "e2e/**/*.test.ts"],
    globalSetup: ["e2e/support/cluster.ts"],
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
  },
});
