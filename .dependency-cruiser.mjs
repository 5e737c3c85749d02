// Who may import whom: the architecture of lib, db, app and e2e as rules for dependency-cruiser. `npm run lint` applies them,
// lib/architecture.test.ts shows that each of them finds what it forbids.
import swc from "@swc/core";

// dependency-cruiser 17 reads TypeScript with swc, but never switches on JSX; TypeScript 7 has no API that it could use instead.
const { parseFileSync } = swc;
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith(".tsx") });

const E2E = "^e2e/";
const OURS = "^(lib|db|app|e2e|proxy\\.ts)";

const SHARED =
  "^lib/(errors|form-fields|ids|log|invariant|phone|email|contact|describe-error|start-error|parse-settings|loopback|sealed-text|secret-list|concurrency-limit|process-wide|text|gsm-text|group-wallet-number|day-range|qr-path|link-token)\\.ts$";
const CONFIG = "^lib/config(-variables)?\\.ts$";
const MONEY = "^lib/money/";
const CSV = "^lib/csv/";
const CONTEXT = "^lib/services/context\\.ts$";
const STORE = "^lib/(services|ledger)/.*store\\.ts$";
/** Which of them may use drizzle and the schema is the rule drizzle-only-in-stores. */
const SCHEMA = "^db/schema/";
const NEXT_OR_REACT = "^node_modules/(next|react|react-dom|next-auth|next-intl|react-hook-form|@auth/core)/";
const DRIZZLE = "^node_modules/drizzle-(orm|kit)/";

/**
 * One row a module: the files that it consists of, and what of ours it may import besides itself. `not` are packages that it
 * must not import, `only` the only packages that it may.
 */
const MODULES = [
  { name: "shared-code", path: SHARED, may: [SHARED, CONFIG], not: NEXT_OR_REACT },
  {
    name: "config",
    path: CONFIG,
    may: [SHARED, "^lib/(providers|messaging)/(manifests?|payment-methods)\\.ts$"],
    not: NEXT_OR_REACT,
  },
  { name: "money", path: MONEY, may: [SHARED], not: NEXT_OR_REACT },
  { name: "csv", path: CSV, may: [SHARED], not: NEXT_OR_REACT },
  {
    name: "ledger",
    path: "^lib/ledger/",
    may: [MONEY, SHARED, SCHEMA, "^db/(client|transaction|group-calls)\\.ts$"],
    not: NEXT_OR_REACT,
  },
  {
    name: "provider-vendor",
    path: "^lib/providers/[^/]+/",
    may: [
      "^lib/providers/(provider|exchange|payment-url|manifest|json-node|read-instant|whole-amount)\\.ts$",
      MONEY,
      SHARED,
    ],
    not: NEXT_OR_REACT,
  },
  { name: "providers", path: "^lib/providers/", may: [MONEY, SHARED, CONFIG], not: NEXT_OR_REACT },
  {
    name: "messaging-vendor",
    path: "^lib/messaging/[^/]+/",
    may: ["^lib/messaging/(channel|manifest|http-call|json-fields|variables)\\.ts$", SHARED],
    not: NEXT_OR_REACT,
  },
  {
    name: "messaging",
    path: "^lib/messaging/",
    may: ["^lib/providers/(exchange|provider)\\.ts$", SHARED, CONFIG],
    not: NEXT_OR_REACT,
  },
  {
    name: "services",
    path: "^lib/services/",
    may: [
      "^lib/ledger/",
      "^lib/(providers|messaging)/[^/]+\\.ts$",
      "^lib/(csv|pdf)/",
      "^lib/i18n/format-date\\.ts$",
      "^db/(client|client-listener|transaction|group-calls|outage)\\.ts$",
      SCHEMA,
      MONEY,
      SHARED,
      CONFIG,
    ],
    not: NEXT_OR_REACT,
  },
  // The audit, sealing and checkpoints have no actor and no input: jobs and commands call the ledger for them.
  {
    name: "jobs",
    path: "^lib/jobs/",
    may: ["^lib/(services|ledger)/", "^db/client\\.ts$", SHARED, CONFIG],
    not: NEXT_OR_REACT,
  },
  {
    name: "http",
    path: "^lib/http/",
    may: [CONTEXT, "^db/(client|outage)\\.ts$", SHARED, CONFIG],
    not: NEXT_OR_REACT,
  },
  {
    name: "api",
    path: "^lib/api/",
    may: [
      "^lib/(http|services)/",
      "^lib/auth/[^/]*(token|key)[^/]*\\.ts$",
      "^db/(client|outage)\\.ts$",
      MONEY,
      SHARED,
      CONFIG,
    ],
    not: NEXT_OR_REACT,
  },
  { name: "next", path: "^lib/next/", may: ["^lib/(http|auth|i18n)/", CONTEXT, MONEY, SHARED, CONFIG] },
  {
    name: "auth",
    path: "^lib/auth/",
    may: ["^lib/(http|i18n|services/(identity|api-access))/", CONTEXT, SHARED, CONFIG, "^db/client\\.ts$"],
  },
  { name: "i18n", path: "^lib/i18n/", may: [MONEY, SHARED] },
  { name: "pdf", path: "^lib/pdf/", may: [SHARED], not: NEXT_OR_REACT },
  { name: "ui", path: "^lib/ui/", may: ["^lib/i18n/", MONEY, SHARED] },
  {
    name: "sandbox",
    path: "^lib/sandbox/",
    may: [MONEY, SHARED, CONFIG],
    only: "^node_modules/(@noble/curves|jose|zod|smtp-server|@types/(node|smtp-server))/",
  },
  {
    name: "server",
    path: "^lib/server/",
    may: [
      "^lib/(api|http|jobs|sandbox|ledger)/",
      "^lib/auth/session-cookie\\.ts$",
      "^lib/cli/bootstrap/",
      "^lib/(providers|messaging)/manifests\\.ts$",
      "^db/",
      SHARED,
      CONFIG,
    ],
  },
  {
    name: "cli",
    path: "^lib/cli/",
    may: [
      "^lib/(services|ledger|server|sandbox|api|auth)/",
      "^lib/providers/(provider|registry|manifests)\\.ts$",
      "^db/",
      MONEY,
      SHARED,
      CONFIG,
    ],
  },
  {
    name: "seed",
    path: "^db/seed/",
    may: [
      "^db/",
      "^lib/(services|ledger)/",
      "^lib/providers/(provider|registry|manifests)\\.ts$",
      MONEY,
      SHARED,
    ],
    not: NEXT_OR_REACT,
  },
  // The kinds of operations are data that the schema's columns are typed with.
  {
    name: "db",
    path: "^db/",
    may: [MONEY, SHARED, "^lib/services/(operations|tontines)/kinds\\.ts$"],
    not: NEXT_OR_REACT,
  },
  {
    name: "routes",
    path: "^app/.+/route\\.ts$",
    // Presenters of pages make their files too.
    may: ["^lib/(next|http|api|auth|services|i18n|pdf)/", "^app/.+\\.ts$", MONEY, SHARED],
  },
  { name: "app", path: "^app/", may: ["^lib/(next|services|ui|i18n|pdf)/", MONEY, SHARED] },
  {
    name: "proxy",
    path: "^(proxy|instrumentation)\\.ts$",
    may: ["^lib/(next|http|auth|i18n)/", SHARED, CONFIG],
  },
];

/** The rules of one row; a file belongs to the first row that names it. */
function rulesOf({ name, path, may, not, only }, index) {
  const earlier = MODULES.slice(0, index).map((module) => module.path);
  const from = { path, pathNot: [E2E, "\\.d\\.m?ts$", ...earlier] };
  const rules = [
    { name: `${name}-imports`, severity: "error", from, to: { path: OURS, pathNot: [path, ...may] } },
  ];
  if (not) rules.push({ name: `${name}-packages`, severity: "error", from, to: { path: not } });
  if (only)
    rules.push({
      name: `${name}-packages`,
      severity: "error",
      from,
      to: { path: "^node_modules/", pathNot: only },
    });
  return rules;
}

/** The first folder below lib/services is the noun. */
const NOUN = "^lib/services/([^/]+)/";

export default {
  forbidden: [
    { name: "cycle", severity: "error", from: {}, to: { circular: true } },
    { name: "unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    ...MODULES.flatMap(rulesOf),
    {
      name: "e2e-is-imported-by-nothing",
      severity: "error",
      from: { path: "^(lib|db|app)/", pathNot: E2E },
      to: { path: "^e2e/" },
    },
    {
      name: "vendors-do-not-know-each-other",
      severity: "error",
      from: { path: "^lib/providers/([^/]+)/", pathNot: E2E },
      to: { path: "^lib/providers/[^/]+/", pathNot: "^lib/providers/$1/" },
    },
    {
      name: "drizzle-only-in-stores",
      severity: "error",
      from: { pathNot: ["store\\.ts$", "^db/", "^e2e/support/", "^drizzle\\.config\\.ts$"] },
      to: { path: DRIZZLE },
    },
    {
      name: "schema-only-in-stores",
      severity: "error",
      from: { path: "^(lib|app)/", pathNot: ["store\\.ts$", E2E] },
      to: { path: "^db/schema/" },
    },
    {
      name: "store-of-another-noun",
      severity: "error",
      from: { path: NOUN, pathNot: E2E },
      to: { path: "^lib/services/.*store\\.ts$", pathNot: "^lib/services/$1/" },
    },
    {
      name: "store-outside-services",
      severity: "error",
      from: { path: "^(lib|app|db/seed)/", pathNot: ["^lib/(services|ledger)/", E2E] },
      to: { path: STORE },
    },
    {
      name: "client-file-imports",
      severity: "error",
      from: { path: "\\.client\\.tsx$" },
      to: {
        path: OURS,
        pathNot: ["^lib/ui/", MONEY, "^lib/form-fields\\.ts$", "/[^/]*actions?\\.ts$", "(^|/|-)schema\\.ts$"],
      },
    },
    {
      name: "client-file-packages",
      severity: "error",
      from: { path: "\\.client\\.tsx$" },
      to: {
        path: "^node_modules/",
        pathNot:
          "^node_modules/(react|react-dom|react-hook-form|@simplewebauthn/browser|@types/react|@types/react-dom)/|^node_modules/next/navigation",
      },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "^node_modules" },
    // A test may import anything, and would close cycles between nouns.
    exclude: { path: "\\.(test|spec)\\.tsx?$" },
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".mts", ".mjs", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
