/** One row of the import table. */
export interface Room {
  name: string;
  owns: RegExp;
  /** What of ours it may import besides itself; everything else is denied. */
  may: RegExp[];
  /** Packages that it must not import. */
  not?: RegExp;
  /** The only packages that it may import. */
  only?: RegExp;
  /** Parts of itself that are closed to it. */
  closed?: (from: string, to: string) => boolean;
}

/** Files that every room may use. */
export const LEAVES = /^lib\/(env|errors|ids|log|log\.env|invariant|email|unprintable|phone|describe-error)$/;
const PURE_LEAVES = /^lib\/(errors|ids|log|invariant|email|unprintable|phone|describe-error)$/;
const MONEY = /^lib\/money\//;
const CONTEXT = /^lib\/services\/context$/;
const NEXT_OR_REACT = /^(next|react|react-dom|next-auth|next-intl|react-hook-form)(\/|$)/;
const NODE = /^node:/;

// design: "Who may import whom". The first room that owns a path decides.
export const ROOMS: Room[] = [
  {
    name: "leaves",
    owns: /^lib\/(env|errors|ids|log|log\.env|invariant|email|unprintable|phone|describe-error)$/,
    may: [LEAVES],
    not: NEXT_OR_REACT,
  },
  { name: "tidy", owns: /^lib\/tidy(-[a-z]+)?$/, may: [], only: NODE },
  { name: "money", owns: MONEY, may: [], not: NEXT_OR_REACT },
  {
    name: "ledger's store",
    owns: /^lib\/ledger\/store$/,
    may: [/^lib\/ledger\//, MONEY, PURE_LEAVES, /^db\/(schema|transaction|client)/],
    not: NEXT_OR_REACT,
  },
  {
    name: "ledger",
    owns: /^lib\/ledger\//,
    // The transaction's type is every writer's first argument.
    may: [/^lib\/ledger\//, MONEY, PURE_LEAVES, /^db\/(transaction|client|group-calls)$/],
    not: NEXT_OR_REACT,
  },
  {
    name: "a vendor",
    owns: /^lib\/providers\/[^/]+\//,
    may: [/^lib\/providers\/([^/]+\/|provider$|exchange$|payment-url$|methods|contract$)/, MONEY, LEAVES],
    not: NEXT_OR_REACT,
    closed: (from, to) => /^lib\/providers\/[^/]+\//.test(to) && folder(from, 3) !== folder(to, 3),
  },
  {
    name: "providers",
    owns: /^lib\/providers\//,
    may: [/^lib\/providers\//, MONEY, LEAVES],
    not: NEXT_OR_REACT,
  },
  {
    name: "services",
    owns: /^lib\/services\//,
    may: [
      /^lib\/(services|ledger)\//,
      MONEY,
      LEAVES,
      /^lib\/providers\/(registry|provider|methods)/,
      /^db\/(transaction|client|schema|group-calls|outage)/,
    ],
    not: NEXT_OR_REACT,
    closed: (from, to) =>
      (/\/store$/.test(to) && folder(from, 3) !== folder(to, 3)) ||
      (/^db\/schema/.test(to) && !/\/store$/.test(from)),
  },
  {
    name: "jobs",
    owns: /^lib\/jobs\//,
    may: [/^lib\/(jobs|services)\//, LEAVES, /^db\/client$/],
    not: NEXT_OR_REACT,
  },
  {
    name: "api",
    owns: /^lib\/api\//,
    // From web and auth only what is free of Next: how a route is bounded and answers errors, the pool, credentials.
    may: [
      /^lib\/(api|services)\//,
      /^lib\/auth\/(.*(token|key).*|request-context|client-address)$/,
      /^lib\/web\/(define-route|error-table|read-body|zod-issues|security-headers)$/,
      /^db\/(client|outage)$/,
      MONEY,
      LEAVES,
    ],
    not: NEXT_OR_REACT,
    closed: (_from, to) => /^lib\/services\/.*\/store$/.test(to),
  },
  { name: "web", owns: /^lib\/web\//, may: [/^lib\/(web|auth|i18n)\//, CONTEXT, MONEY, LEAVES] },
  {
    name: "auth",
    owns: /^lib\/auth\//,
    // A session or key is looked up before there is a context, so auth opens the pool; addresses carry a language.
    may: [
      /^lib\/(auth|i18n|services\/(users|api-keys|api-sessions|credentials))\//,
      CONTEXT,
      LEAVES,
      /^db\/client$/,
    ],
  },
  { name: "i18n", owns: /^lib\/i18n\//, may: [/^lib\/i18n\//, MONEY, PURE_LEAVES] },
  { name: "ui", owns: /^lib\/ui\//, may: [/^lib\/(ui|i18n)\//, MONEY, PURE_LEAVES] },
  {
    name: "sandbox",
    owns: /^lib\/sandbox\//,
    may: [/^lib\/sandbox\//, MONEY, LEAVES],
    only: /^(node:|jose$|zod(\/|$))/,
  },
  {
    name: "providers of the proof",
    owns: /^lib\/server\/prove\/providers\//,
    // Its providers stand where the vendors' adapters do, and their callbacks are proven by the vendors' own code.
    may: [
      /^lib\/(server|jobs|services)\//,
      /^lib\/providers\/(provider|registry|getmipay\/webhook|getmipay\/public\/(callback|webhook)|paystack\/webhook)$/,
      MONEY,
      LEAVES,
      /^db\//,
    ],
    closed: (_from, to) => /^lib\/services\/.*\/store$/.test(to),
  },
  {
    name: "house of the races",
    owns: /^lib\/server\/prove\/races\/house$/,
    // It puts its own providers in the place of the configured ones.
    may: [
      /^lib\/(server|ledger|services)\//,
      /^lib\/providers\/(provider|registry)$/,
      MONEY,
      LEAVES,
      /^db\//,
    ],
    closed: (_from, to) => /^lib\/services\/.*\/store$/.test(to),
  },
  {
    name: "commands",
    owns: /^lib\/server\/(bin|bench|prove)\//,
    may: [
      /^lib\/(server|api|jobs|sandbox|ledger|services)\//,
      // A proof's people get their tokens and cookies without signing in one by one.
      /^lib\/auth\/(access-token|token\.env|session-cookie)$/,
      // How a text is read as code, to rewrite a copy of it.
      /^lib\/tidy-scan$/,
      /^lib\/providers\/provider$/,
      MONEY,
      LEAVES,
      /^db\//,
    ],
    closed: (_from, to) => /^lib\/services\/.*\/store$/.test(to),
  },
  {
    name: "server",
    owns: /^lib\/server\//,
    may: [
      /^lib\/(server|api|jobs|sandbox)\//,
      /^lib\/web\/(response-status|read-body|security-headers)$/,
      LEAVES,
      /^db\//,
    ],
  },
  {
    name: "seed and testing",
    owns: /^db\/(seed|testing)\//,
    may: [
      /^db\//,
      /^lib\/(services|ledger)\//,
      /^lib\/providers\/(provider|registry)$/,
      /^lib\/server\/postgres$/,
      MONEY,
      LEAVES,
    ],
    not: NEXT_OR_REACT,
  },
  { name: "db", owns: /^db\//, may: [/^db\//, MONEY, LEAVES], not: NEXT_OR_REACT },
  {
    name: "routes",
    owns: /^app\/(.*\/)?route$/,
    may: [/^app\//, /^lib\/(web|api|auth|services|i18n)\//, MONEY, PURE_LEAVES],
    closed: (_from, to) => /\/store$/.test(to),
  },
  {
    name: "app",
    owns: /^app\//,
    may: [/^app\//, /^lib\/(web|services|ui|i18n)\//, MONEY, PURE_LEAVES],
    closed: (_from, to) => /\/store$/.test(to),
  },
  { name: "proxy", owns: /^(proxy|instrumentation)$/, may: [/^lib\/(web|auth|i18n)\//, LEAVES] },
  { name: "configuration", owns: /^[^/]+\.config$/, may: [/./] },
];

/** What a *.client.tsx file may import besides its own action and types of schemas. */
export const CLIENT_PACKAGES = /^(react|react-dom|react-hook-form)(\/|$)|^next\/navigation$/;
export const CLIENT_MAY = [/^lib\/ui\//, MONEY];

/** The first `depth` folders of a path. */
function folder(name: string, depth: number): string {
  return name.split("/").slice(0, depth).join("/");
}
