// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the samples are source text
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkTree, readTree } from "./tidy";
import { findImports, scanSource } from "./tidy-scan";

function rulesBrokenBy(path: string, text: string): string[] {
  return checkTree([{ path, text }]).map((violation) => `${violation.rule}: ${violation.detail}`);
}

const specifiers = (text: string) => findImports(scanSource(text)).map((found) => found.specifier);

describe("the import table", () => {
  test.each([
    ["lib/money/money.ts", "@/lib/errors"],
    ["lib/ids.ts", "@/lib/money/money"],
    ["lib/ledger/post.ts", "@/lib/services/context"],
    ["lib/ledger/post.ts", "@/lib/providers/provider"],
    ["lib/ledger/post.ts", "@/lib/env"],
    ["lib/ledger/post.ts", "../env"],
    ["lib/ledger/post.ts", "@/db/schema"],
    ["lib/ledger/post.ts", "next/headers"],
    ["lib/ledger/post.ts", "react"],
    ["lib/providers/getmipay/client.ts", "@/db/client"],
    ["lib/providers/getmipay/client.ts", "@/lib/ledger/post"],
    ["lib/providers/getmipay/client.ts", "../paystack/mapper"],
    ["lib/providers/getmipay/client.ts", "../registry"],
    ["lib/services/deposits/start-deposit.ts", "next/cache"],
    ["lib/services/deposits/start-deposit.ts", "@/lib/next/define-action"],
    ["lib/services/deposits/start-deposit.ts", "@/lib/auth/session"],
    ["lib/services/deposits/start-deposit.ts", "@/app/layout"],
    ["lib/services/deposits/start-deposit.ts", "@/lib/services/wallets/store"],
    ["lib/services/deposits/start-deposit.ts", "../wallets/store"],
    ["lib/services/deposits/start-deposit.ts", "@/lib/providers/getmipay/client"],
    ["lib/services/deposits/start-deposit.ts", "@/db/schema"],
    ["lib/jobs/worker.ts", "@/lib/providers/registry"],
    ["lib/jobs/worker.ts", "next/server"],
    ["lib/api/routes.ts", "@/lib/ledger/post"],
    ["lib/api/routes.ts", "@/lib/auth/config"],
    ["lib/api/routes.ts", "next/server"],
    ["lib/next/define-action.ts", "@/lib/ledger/post"],
    ["lib/next/define-action.ts", "@/lib/providers/registry"],
    ["lib/next/define-action.ts", "@/lib/services/deposits/start-deposit"],
    ["lib/auth/config.ts", "@/lib/services/deposits/start-deposit"],
    ["lib/server/start.ts", "@/lib/services/identity/users/sign-up"],
    ["lib/sandbox/main.ts", "@/lib/services/context"],
    ["lib/sandbox/main.ts", "@/db/client"],
    ["lib/sandbox/main.ts", "@/lib/providers/provider"],
    ["lib/sandbox/main.ts", "postgres"],
    ["app/[locale]/wallet/page.tsx", "@/lib/ledger/balances"],
    ["app/[locale]/wallet/page.tsx", "@/lib/providers/registry"],
    ["app/[locale]/wallet/page.tsx", "@/db"],
    ["app/[locale]/wallet/page.tsx", "../../../lib/services/wallets/store"],
    ["app/[locale]/wallet/page.tsx", "@/lib/env"],
  ])("%s must not import %s", (path, specifier) => {
    expect(rulesBrokenBy(path, `import { x } from "${specifier}";\n`)).toEqual([
      expect.stringMatching(/^import: .* must not import /),
    ]);
  });

  test.each([
    ["lib/ledger/store.ts", "@/db/schema"],
    ["lib/ledger/store.ts", "drizzle-orm"],
    ["lib/ledger/post.ts", "@/lib/money"],
    ["lib/providers/getmipay/client.ts", "../provider"],
    ["lib/providers/getmipay/client.ts", "./env"],
    ["lib/services/deposits/start-deposit.ts", "@/lib/providers/registry"],
    ["lib/services/deposits/start-deposit.ts", "./store"],
    ["lib/jobs/worker.ts", "graphile-worker"],
    ["app/[locale]/wallet/page.tsx", "@/lib/services/wallets/get-wallet"],
    ["app/api/[...path]/route.ts", "@/lib/api/routes"],
    ["lib/server/start.ts", "@/db/migrate"],
    ["lib/ledger/post.test.ts", "@/lib/services/context"],
    ["e2e/journeys/top-up.spec.ts", "@/lib/sandbox/book"],
  ])("%s may import %s", (path, specifier) => {
    expect(rulesBrokenBy(path, `import { x } from "${specifier}";\n`)).toEqual([]);
  });

  test.each([
    ["a re-export", 'export { x } from "@/lib/services/context";'],
    ["a re-export of everything", 'export * from "@/lib/services/context";'],
    ["an import of a type", 'import type { X } from "@/lib/services/context";'],
    ["an import for its effect", 'import "@/lib/services/context";'],
    ["a dynamic import", 'const x = await import("@/lib/services/context");'],
    ["a dynamic import in a template", "const x = await import(`@/lib/services/${name}`);"],
    ["require", 'const x = require("@/lib/services/context");'],
    ["a type's import", 'let x: import("@/lib/services/context").Context;'],
    ["an import over several lines", 'import {\n  a,\n  b,\n} from "@/lib/services/context";'],
    ["an import whose specifier nobody knows", "const x = await import(name);"],
  ])("%s counts", (_what, text) => {
    expect(rulesBrokenBy("lib/ledger/post.ts", text)).toHaveLength(1);
  });

  test("a file outside of every room is refused", () => {
    expect(rulesBrokenBy("lib/new-room/file.ts", "export const x = 1;\n")).toEqual([
      "room: it belongs to no room of the plan",
    ]);
    expect(rulesBrokenBy("lib/stray.ts", "export const x = 1;\n")).toHaveLength(1);
  });
});

describe("a client file", () => {
  const client = (line: string) => rulesBrokenBy("app/wallet/amount.client.tsx", `"use client";\n${line}\n`);

  test.each([
    'import { z } from "zod";',
    'import { useTranslations } from "next-intl";',
    'import { headers } from "next/headers";',
    'import { env } from "@/lib/env";',
    'import { x } from "@/lib/i18n/href";',
    'import { schema } from "@/lib/services/deposits/schema";',
    'import { x } from "../other/actions";',
    'import { x } from "./page";',
  ])("must not: %s", (line) => {
    expect(client(line).join()).toContain("client: it must not import");
  });

  test.each([
    'import { useState } from "react";',
    'import { useForm } from "react-hook-form";',
    'import { useRouter } from "next/navigation";',
    'import { topUp } from "./actions";',
    'import type { TopUp } from "@/lib/services/deposits/schema";',
    'import { Button } from "@/lib/ui/button";',
    'import { money } from "@/lib/money/money";',
  ])("may: %s", (line) => {
    expect(client(line)).toEqual([]);
  });
});

describe("the name rules", () => {
  test("drizzle lives in store.ts and db/ only, in tests too", () => {
    const text = 'import { sql } from "drizzle-orm";\n';
    expect(rulesBrokenBy("lib/services/wallets/get-wallet.ts", text).join()).toContain("drizzle:");
    expect(rulesBrokenBy("lib/services/wallets/get-wallet.test.ts", text).join()).toContain("drizzle:");
    expect(rulesBrokenBy("lib/services/wallets/store.ts", text)).toEqual([]);
    expect(rulesBrokenBy("db/client.ts", text)).toEqual([]);
  });

  test('"use client" and *.client.tsx go together', () => {
    expect(rulesBrokenBy("app/button.tsx", '"use client";\n')).toEqual(["use client: only in *.client.tsx"]);
    expect(rulesBrokenBy("app/button.tsx", '// why\n"use client";\n')).toHaveLength(1);
    expect(rulesBrokenBy("app/button.client.tsx", "export {};\n")).toHaveLength(1);
    expect(rulesBrokenBy("app/error.tsx", '"use client";\n')).toEqual([]);
    expect(rulesBrokenBy("app/global-error.tsx", '"use client";\n')).toEqual([]);
    expect(rulesBrokenBy("app/button.tsx", 'const text = "use client";\n')).toEqual([]);
  });

  test.each(["utils", "util", "helpers", "helper", "misc", "common", "types"])(
    "nothing is called %s",
    (name) => {
      expect(rulesBrokenBy(`lib/money/${name}.ts`, "").join()).toContain("vague name");
      expect(rulesBrokenBy(`lib/money/${name}.test.ts`, "").join()).toContain("vague name");
      expect(rulesBrokenBy(`e2e/${name}/a.ts`, "").join()).toContain("vague name");
    },
  );

  test.each([
    "const a = process.env.A;",
    "const { A } = process.env;",
    "const { env } = process;",
    'const a = process["env"];',
    "const a = process?.env.A;",
    'import { env } from "node:process";',
    "const a = `${process.env.A}`;",
  ])("only env files read the environment: %s", (text) => {
    expect(rulesBrokenBy("lib/log.ts", text).join()).toContain("environment:");
    for (const path of ["lib/env.ts", "lib/providers/x/env.ts", "lib/server/server.env.ts", "a.config.ts"]) {
      expect(rulesBrokenBy(path, text)).toEqual([]);
    }
    expect(rulesBrokenBy("lib/log.test.ts", text)).toEqual([]);
    expect(rulesBrokenBy("lib/cli/start.mjs", text)).toEqual([]);
  });

  test("a file has at most 400 lines", () => {
    expect(rulesBrokenBy("lib/money/money.ts", "\n".repeat(401))).toEqual([
      "file length: 401 lines, at most 400",
    ]);
    expect(rulesBrokenBy("lib/money/money.test.ts", "\n".repeat(401))).toHaveLength(1);
    expect(rulesBrokenBy("lib/money/money.ts", "\n".repeat(400))).toEqual([]);
  });
});

describe("reading sources", () => {
  test("comments and strings import nothing", () => {
    expect(specifiers('// import "a";\n/* from "b" */ const c = \'import("d")\';\n')).toEqual([]);
    expect(specifiers('const sql = `select 1 from "users"`;\n')).toEqual([]);
    expect(specifiers('log("import x from \\"y\\"");\n')).toEqual([]);
  });

  test("what follows a comment, a template, a regular expression or an apostrophe is seen", () => {
    expect(specifiers('const u = "http://x"; import "a";')).toEqual(["a"]);
    expect(specifiers('const t = `${f({ a: `b` })} c`; import "a";')).toEqual(["a"]);
    expect(specifiers('const r = /["\'`/*]/; import "a";')).toEqual(["a"]);
    expect(specifiers('const p = <p>don\'t</p>;\nimport "a";')).toEqual(["a"]);
    expect(specifiers('const q = a / b; import "a"; const d = c / 2;')).toEqual(["a"]);
  });
});

test("the real tree is tidy", () => {
  const files = readTree(fileURLToPath(new URL("..", import.meta.url)));
  expect(files.length).toBeGreaterThan(20);
  expect(checkTree(files).map(({ path, rule, detail }) => `${path}: ${rule}: ${detail}`)).toEqual([]);
});
