import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ICruiseResult, IModule } from "dependency-cruiser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CRUISER = path.join(ROOT, "node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
const ENTRIES = ["lib", "app", "db", "e2e", "proxy.ts", "instrumentation.ts"];

/** What dependency-cruiser finds in the tree at `root`: all modules, and each breach as `rule: from → to`. */
function cruiseTree(root: string): { modules: IModule[]; violations: string[] } {
  const configuration = path.join(ROOT, ".dependency-cruiser.mjs");
  const entries = ENTRIES.filter((entry) => fs.existsSync(path.join(root, entry)));
  const output = execFileSync(
    process.execPath,
    [CRUISER, "--config", configuration, "--output-type", "json", ...entries],
    // tsconfig.json and the paths of the rules are read from the working directory.
    { cwd: root, encoding: "utf8", maxBuffer: 1e8 },
  );
  const { modules, summary } = JSON.parse(output) as ICruiseResult;
  return {
    modules,
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  };
}

/** Nouns of lib/services that lead back to themselves over others, as `a → b → a`. */
function nounCycles(modules: readonly IModule[]): string[] {
  const uses = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    const from = nounOf(source);
    for (const to of dependencies.map(({ resolved }) => nounOf(resolved))) {
      if (from === null || to === null || from === to) continue;
      uses.set(from, (uses.get(from) ?? new Set()).add(to));
    }
  }
  const cycles: string[] = [];
  const follow = (noun: string, trail: string[]): void => {
    if (trail[0] === noun) cycles.push([...trail, noun].join(" → "));
    if (trail.includes(noun)) return;
    for (const next of uses.get(noun) ?? []) follow(next, [...trail, noun]);
  };
  for (const noun of uses.keys()) follow(noun, []);
  return cycles;
}

function nounOf(file: string): string | null {
  return /^lib\/services\/([^/]+)\//.exec(file)?.[1] ?? null;
}

/** Each forbidden import: the file that has it, what it imports, the rule that finds it. */
const FORBIDDEN: readonly [from: string, to: string, rule: string][] = [
  ["lib/ids.ts", "lib/money/money.ts", "shared-code-imports"],
  ["lib/money/money.ts", "lib/services/context.ts", "money-imports"],
  ["lib/ledger/post.ts", "lib/services/context.ts", "ledger-imports"],
  ["lib/ledger/post.ts", "lib/providers/provider.ts", "ledger-imports"],
  ["lib/ledger/post.ts", "lib/config.ts", "ledger-imports"],
  ["lib/ledger/integrity/audit.ts", "lib/services/context.ts", "ledger-imports"],
  ["lib/ledger/post.ts", "db/schema/index.ts", "schema-only-in-stores"],
  ["lib/ledger/post.ts", "next/headers", "ledger-packages"],
  ["lib/ledger/post.ts", "react", "ledger-packages"],
  ["lib/providers/getmipay/client.ts", "db/client.ts", "provider-vendor-imports"],
  ["lib/providers/getmipay/client.ts", "lib/ledger/post.ts", "provider-vendor-imports"],
  ["lib/providers/getmipay/client.ts", "lib/providers/paystack/mapper.ts", "vendors-do-not-know-each-other"],
  ["lib/providers/getmipay/client.ts", "lib/providers/registry.ts", "provider-vendor-imports"],
  ["lib/services/deposits/start-deposit.ts", "next/cache", "services-packages"],
  ["lib/services/deposits/start-deposit.ts", "lib/next/define-action.ts", "services-imports"],
  ["lib/services/deposits/start-deposit.ts", "lib/auth/session.ts", "services-imports"],
  ["lib/services/deposits/start-deposit.ts", "lib/api/routes.ts", "services-imports"],
  ["lib/services/deposits/start-deposit.ts", "app/layout.tsx", "services-imports"],
  ["lib/services/deposits/start-deposit.ts", "lib/services/wallets/store.ts", "store-of-another-noun"],
  ["lib/services/deposits/start-deposit.ts", "lib/services/identity/users/store.ts", "store-of-another-noun"],
  ["lib/services/deposits/start-deposit.ts", "lib/providers/getmipay/client.ts", "services-imports"],
  ["lib/services/deposits/start-deposit.ts", "db/schema/index.ts", "schema-only-in-stores"],
  ["lib/services/deposits/start-deposit.ts", "drizzle-orm", "drizzle-only-in-stores"],
  ["lib/jobs/worker.ts", "lib/providers/registry.ts", "jobs-imports"],
  ["lib/jobs/worker.ts", "lib/services/deposits/store.ts", "store-outside-services"],
  ["lib/jobs/worker.ts", "next/server", "jobs-packages"],
  ["lib/http/context.ts", "lib/services/deposits/start-deposit.ts", "http-imports"],
  ["lib/http/context.ts", "next/headers", "http-packages"],
  ["lib/http/context.ts", "drizzle-orm", "drizzle-only-in-stores"],
  ["lib/api/routes.ts", "lib/ledger/post.ts", "api-imports"],
  ["lib/api/routes.ts", "lib/auth/session.ts", "api-imports"],
  ["lib/api/routes.ts", "lib/providers/registry.ts", "api-imports"],
  ["lib/api/routes.ts", "lib/next/define-action.ts", "api-imports"],
  ["lib/api/routes.ts", "next/server", "api-packages"],
  ["lib/next/define-action.ts", "lib/ledger/post.ts", "next-imports"],
  ["lib/next/define-action.ts", "lib/providers/registry.ts", "next-imports"],
  ["lib/next/define-action.ts", "lib/services/deposits/start-deposit.ts", "next-imports"],
  ["lib/auth/session.ts", "lib/services/deposits/start-deposit.ts", "auth-imports"],
  ["lib/server/start.ts", "lib/services/identity/users/store.ts", "server-imports"],
  ["lib/server/start.ts", "lib/services/deposits/start-deposit.ts", "server-imports"],
  ["lib/sandbox/main.ts", "lib/services/context.ts", "sandbox-imports"],
  ["lib/sandbox/main.ts", "db/client.ts", "sandbox-imports"],
  ["lib/sandbox/main.ts", "lib/providers/provider.ts", "sandbox-imports"],
  ["lib/sandbox/main.ts", "postgres", "sandbox-packages"],
  ["lib/cli/run.ts", "lib/next/define-action.ts", "cli-imports"],
  ["lib/cli/run.ts", "app/layout.tsx", "cli-imports"],
  ["lib/cli/run.ts", "e2e/bench/main.ts", "e2e-is-imported-by-nothing"],
  ["db/client.ts", "lib/services/context.ts", "db-imports"],
  ["app/wallet/page.tsx", "lib/ledger/post.ts", "app-imports"],
  ["app/wallet/page.tsx", "lib/providers/registry.ts", "app-imports"],
  ["app/wallet/page.tsx", "db/client.ts", "app-imports"],
  ["app/wallet/page.tsx", "lib/services/wallets/store.ts", "store-outside-services"],
  ["app/wallet/page.tsx", "lib/config.ts", "app-imports"],
  ["app/wallet/amount.client.tsx", "zod", "client-file-packages"],
  ["app/wallet/amount.client.tsx", "next-intl", "client-file-packages"],
  ["app/wallet/amount.client.tsx", "next/headers", "client-file-packages"],
  ["app/wallet/amount.client.tsx", "lib/i18n/href.ts", "client-file-imports"],
  ["app/wallet/amount.client.tsx", "lib/services/wallets/get-wallet.ts", "client-file-imports"],
  ["app/wallet/amount.client.tsx", "app/wallet/page.tsx", "client-file-imports"],
];

/** Imports that no rule speaks against. */
const ALLOWED: readonly [from: string, to: string][] = [
  ["lib/ledger/store.ts", "db/schema/index.ts"],
  ["lib/ledger/store.ts", "drizzle-orm"],
  ["lib/ledger/post.ts", "lib/money/money.ts"],
  ["lib/providers/getmipay/client.ts", "lib/providers/provider.ts"],
  ["lib/services/deposits/start-deposit.ts", "lib/providers/registry.ts"],
  ["lib/services/deposits/start-deposit.ts", "lib/services/deposits/store.ts"],
  ["lib/services/deposits/store.ts", "db/schema/index.ts"],
  ["lib/jobs/worker.ts", "graphile-worker"],
  ["lib/api/routes.ts", "lib/http/context.ts"],
  ["lib/server/start.ts", "db/migrate.ts"],
  ["app/wallet/page.tsx", "lib/services/wallets/get-wallet.ts"],
  ["app/api/x/route.ts", "lib/api/routes.ts"],
  ["app/wallet/amount.client.tsx", "app/wallet/actions.ts"],
  ["app/wallet/amount.client.tsx", "lib/services/deposits/schema.ts"],
  ["app/wallet/amount.client.tsx", "lib/ui/button.tsx"],
  ["app/wallet/amount.client.tsx", "lib/money/money.ts"],
  ["e2e/journeys/top-up.spec.ts", "lib/sandbox/book.ts"],
];

/** Every way to import, from the ledger, what it must not. */
const WAYS: Readonly<Record<string, string>> = {
  "a re-export": 'export { x } from "@/lib/services/context";',
  "a re-export of everything": 'export * from "@/lib/services/context";',
  "an import of a type": 'import type { X } from "@/lib/services/context"; export type Y = X;',
  "an import for its effect": 'import "@/lib/services/context";',
  "a dynamic import": 'export const x = await import("@/lib/services/context");',
  "an import over several lines":
    'import {\n  a,\n  b,\n} from "@/lib/services/context"; export const c = [a, b];',
  "a relative import": 'import { a } from "../services/context"; export const b = a;',
};

describe("the import rules", () => {
  const tree = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-imports-"));
  let found: string[] = [];

  const write = (file: string, text: string): void => {
    fs.mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
    fs.appendFileSync(path.join(tree, file), text);
  };

  /** A package of which only the name counts. */
  const writePackage = (specifier: string): void => {
    const [name = "", ...rest] = specifier.split("/");
    const folder = path.join(tree, "node_modules", name);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name, version: "1.0.0" }));
    fs.writeFileSync(path.join(folder, `${rest.join("/") || "index"}.js`), "module.exports = {};\n");
  };

  beforeAll(() => {
    for (const file of ["tsconfig.json", "package.json"])
      fs.copyFileSync(path.join(ROOT, file), path.join(tree, file));
    for (const [from, to] of [...FORBIDDEN, ...ALLOWED]) {
      const isFile = /^(lib|app|db|e2e)\//.test(to);
      write(from, `import "${isFile ? `@/${to.replace(/\.tsx?$/, "")}` : to}";\n`);
      if (isFile) write(to, "");
      else writePackage(to);
    }
    for (const [index, text] of Object.values(WAYS).entries()) write(`lib/ledger/way-${index}.ts`, text);
    found = cruiseTree(tree).violations;
  });

  afterAll(() => fs.rmSync(tree, { recursive: true, force: true }));

  test.each(FORBIDDEN)("%s must not import %s (%s)", (from, to, rule) => {
    expect(found).toContainEqual(expect.stringMatching(matcherOf(from, to, rule)));
  });

  test.each(ALLOWED)("%s may import %s", (from, to) => {
    expect(found.filter((line) => matcherOf(from, to, "(?!cycle)[a-z0-9-]+").test(line))).toEqual([]);
  });

  test.each(Object.keys(WAYS).map((way, index) => [way, index] as const))("%s counts", (_way, index) => {
    expect(found).toContain(`ledger-imports: lib/ledger/way-${index}.ts → lib/services/context.ts`);
  });

  test("two files that import each other are a cycle", () => {
    expect(found.some((line) => line.startsWith("cycle: "))).toBe(true);
  });
});

function matcherOf(from: string, to: string, rule: string): RegExp {
  const target = /^(lib|app|db|e2e)\//.test(to) ? to : `node_modules/(@types/)?${to}(/|\\.|$)`;
  return new RegExp(`^${rule}: ${from.replaceAll(".", "\\.")} → ${target}`);
}

test("cycles between nouns are found", () => {
  const module = (source: string, ...targets: string[]) =>
    ({ source, dependencies: targets.map((resolved) => ({ resolved })) }) as unknown as IModule;
  expect(
    nounCycles([
      module("lib/services/a/one.ts", "lib/services/b/nested/two.ts"),
      module("lib/services/b/three.ts", "lib/services/c/four.ts"),
      module("lib/services/c/five.ts", "lib/services/a/six.ts"),
    ]),
  ).toContain("a → b → c → a");
});

/** Every TypeScript and JavaScript file that git tracks, or would. */
function sourceFiles(): string[] {
  const list = ["-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "-z"];
  return execFileSync("git", list, { cwd: ROOT, encoding: "utf8", maxBuffer: 1e8 })
    .split("\0")
    .filter((file) => /\.(ts|tsx|mts|mjs)$/.test(file) && fs.existsSync(path.join(ROOT, file)));
}

const VAGUE = /(^|\/)(utils?|helpers?|misc|common|types)(\.|\/)/;
const LINES_MAX = 400;

/** What is wrong with a file's name, its length and its "use client". */
function namingProblems(file: string, text: string): string[] {
  const isClient = file.endsWith(".client.tsx");
  const declaresClient = /^(\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*(["'])use client\2/.test(text);
  const isErrorPage = /(^|\/)(global-)?error\.tsx$/.test(file);
  return [
    ...(VAGUE.test(file) ? ["a name that says nothing"] : []),
    ...(text.split("\n").length - 1 > LINES_MAX ? [`more than ${LINES_MAX} lines`] : []),
    ...(isClient && !declaresClient ? ['a *.client.tsx file begins with "use client"'] : []),
    ...(declaresClient && !isClient && !isErrorPage ? ['"use client" only in *.client.tsx'] : []),
  ];
}

describe("the name rules", () => {
  test.each(["util", "utils", "helper", "helpers", "misc", "common", "types"])(
    "nothing is called %s",
    (name) => {
      expect(namingProblems(`lib/money/${name}.ts`, "")).toHaveLength(1);
      expect(namingProblems(`lib/money/${name}.test.ts`, "")).toHaveLength(1);
      expect(namingProblems(`e2e/${name}/a.ts`, "")).toHaveLength(1);
    },
  );

  test('"use client" and *.client.tsx go together', () => {
    expect(namingProblems("app/button.tsx", '"use client";\n')).toHaveLength(1);
    expect(namingProblems("app/button.tsx", '// why\n"use client";\n')).toHaveLength(1);
    expect(namingProblems("app/button.client.tsx", "export {};\n")).toHaveLength(1);
    expect(namingProblems("app/error.tsx", '"use client";\n')).toEqual([]);
    expect(namingProblems("app/global-error.tsx", '"use client";\n')).toEqual([]);
    expect(namingProblems("app/button.tsx", 'const text = "use client";\n')).toEqual([]);
  });

  test("a file has at most 400 lines", () => {
    expect(namingProblems("lib/money/money.ts", "\n".repeat(401))).toHaveLength(1);
    expect(namingProblems("lib/money/money.ts", "\n".repeat(400))).toEqual([]);
  });
});

describe("this tree", () => {
  test("keeps the import rules, and nouns form no cycle", () => {
    const { modules, violations } = cruiseTree(ROOT);
    expect(modules.length).toBeGreaterThan(500);
    expect(violations).toEqual([]);
    expect(nounCycles(modules)).toEqual([]);
  });

  test("keeps the name rules", () => {
    const files = sourceFiles();
    expect(files.length).toBeGreaterThan(500);
    const found = files.flatMap((file) =>
      namingProblems(file, fs.readFileSync(path.join(ROOT, file), "utf8")).map(
        (problem) => `${file}: ${problem}`,
      ),
    );
    expect(found).toEqual([]);
  });
});
