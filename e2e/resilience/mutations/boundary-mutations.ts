import { type Mutation, mutationsOf } from "./mutation";

const PARSING = ["lib/money/parse-amount.test.ts"];
const JSON_READING = ["lib/api/read-json.test.ts"];
const ACTIONS = ["lib/next/run-action.test.ts"];
const ROUTES = ["lib/http/define-route.test.ts"];
const MOUNT_CALL = ["lib/api/mount-call.test.ts"];

const AMOUNTS: readonly Mutation[] = [
  ...mutationsOf("lib/money/parse-amount.ts", PARSING, [
    {
      name: "zero is accepted as an amount",
      find: 'if (amountMinor === 0n) return { reason: "not_positive" };',
      replace: "",
    },
    {
      name: "an ambiguous amount is guessed",
      find: 'if (/^\\d{1,3}\\.\\d{3}$/.test(bare)) return { reason: "ambiguous" };',
      replace: "",
    },
    {
      name: "5.5 naira is parsed as 55 kobo",
      find: '.padEnd(decimals, "0")',
      replace: "",
    },
    {
      name: "decimals of francs are accepted",
      find: "if (/^0[.,]\\d+$/.test(bare) || hasDecimalTail(bare))",
      replace: "if (/^0[.,]\\d+$/.test(bare))",
    },
  ]),
  ...mutationsOf(
    "lib/providers/paystack/amount.ts",
    ["lib/providers/paystack/mapper.test.ts"],
    [
      {
        name: "kobo are converted as hundredths of kobo (Paystack)",
        find: "DECIMALS - CURRENCIES[currency].decimals",
        replace: "DECIMALS",
      },
    ],
  ),
  ...mutationsOf("lib/api/amount.ts", MOUNT_CALL, [
    {
      name: "the API accepts a negative amount",
      find: '.positive("not_positive")',
      replace: "",
      only: "amounts",
    },
  ]),
  ...mutationsOf(
    "lib/api/amount.ts",
    ["lib/api/amount.test.ts"],
    [
      {
        name: "the API formats francs with two decimals",
        find: "const { decimals } = CURRENCIES[currency];",
        replace: "const decimals: number = 2;",
      },
    ],
  ),
  ...mutationsOf("lib/api/read-json.ts", JSON_READING, [
    {
      name: "1e5 is accepted as an amount",
      find: "token.startsWith('\"') || PLAIN_INTEGER.test(token)",
      replace: "token.length > 0",
    },
    {
      name: "a JSON name may stand twice, and the last value wins",
      find: 'if (names !== countNames(parsed)) throw new DomainError("malformed_body");',
      replace: "",
    },
  ]),
];

const ENTRANCES: readonly Mutation[] = [
  ...mutationsOf("lib/next/run-action.ts", ACTIONS, [
    {
      name: "a form posted from another site is accepted",
      find: 'if (!isOwnOrigin(request.headers, request.origin)) throw new DomainError("forbidden_origin");',
      replace: "",
    },
    {
      name: "a server action runs without a session",
      find: 'if (options.auth === "user" && context.actor.kind !== "user") throw new DomainError("unauthenticated");',
      replace: "",
    },
  ]),
  ...mutationsOf(
    "lib/http/origin-guard.ts",
    ["lib/http/origin-guard.test.ts"],
    [
      {
        name: "an origin that starts with ours is accepted",
        find: "return origin === base.origin ||",
        replace: "return origin.startsWith(base.origin) ||",
      },
      {
        name: "a request that names no origin is accepted",
        find: 'return headers.get("sec-fetch-site") === "same-origin";',
        replace: 'return headers.get("sec-fetch-site") !== "cross-site";',
      },
    ],
  ),
  ...mutationsOf(
    "lib/providers/payment-url.ts",
    ["lib/providers/getmipay/mapper.test.ts"],
    [
      {
        name: "a payment page on a host that starts like the provider's is accepted",
        find: "hosts.includes(url.host)",
        replace: "hosts.some((host) => url.host.startsWith(host))",
      },
      {
        name: "a payment page without https is accepted",
        find: "return isWeb && url.username",
        replace: "return url.username",
      },
    ],
  ),
  ...mutationsOf(
    "lib/auth/safe-path.ts",
    ["lib/auth/safe-path.test.ts"],
    [
      {
        name: "a return path that starts with two slashes is accepted",
        find: 'if (url.origin !== NOWHERE || url.pathname.startsWith("//")) return null;',
        replace: "if (url.origin !== NOWHERE) return null;",
      },
    ],
  ),
  ...mutationsOf(
    "lib/auth/config.ts",
    ["lib/auth/config.db.test.ts"],
    [
      {
        name: "sign-in redirects to any site",
        find: 'redirect: ({ url }) => env.origin + (safeUrlPath(url, env.origin) ?? "/"),',
        replace: "redirect: ({ url }) => url,",
        only: "nobody is sent to another site",
      },
    ],
  ),
  ...mutationsOf("lib/api/cors.ts", MOUNT_CALL, [
    {
      name: "CORS lets any site read API responses",
      find: "if (origin === null || !allowed.has(origin))",
      replace: "if (origin === null)",
      only: "cross-origin requests",
    },
  ]),
  ...mutationsOf(
    "lib/api/mount-call.ts",
    ["lib/api/wallet/transfers.db.test.ts"],
    [
      {
        name: "the API ignores the idempotency key",
        find: "key: call.idempotent ? idempotencyKey(request.headers) : null,",
        replace: "key: null,",
        only: "answers a key's first answer again",
      },
    ],
  ),
  ...mutationsOf(
    "lib/services/operations/get-operation.ts",
    ["lib/services/deposits/deposits.db.test.ts"],
    [
      {
        name: "another user's operation is shown",
        find: "if (!row || (row.walletId !== wallet.id && row.counterpartyWalletId !== wallet.id)) {",
        replace: "if (!row) {",
        only: "the operation of somebody else",
      },
    ],
  ),
  ...mutationsOf("lib/http/read-body.ts", ROUTES, [
    {
      name: "request bodies have no size limit",
      find: "if (length > bytesMax) {",
      replace: "if (length < 0) {",
    },
  ]),
];

const DISCLOSURE: readonly Mutation[] = [
  ...mutationsOf("lib/http/define-route.ts", ROUTES, [
    {
      name: "a response quotes an unexpected error",
      find: 'const sentence = detail.replace("{permission}", details.permission ?? "");',
      replace:
        'const sentence = known === error ? detail.replace("{permission}", details.permission ?? "") : String(error);',
    },
  ]),
  ...mutationsOf(
    "lib/describe-error.ts",
    ["lib/describe-error.test.ts"],
    [
      {
        name: "the log contains row values of a violated constraint",
        find: "...(isFromDatabase(error) ? {} : {",
        replace: "...(isFromDatabase(new Error()) ? {} : {",
      },
    ],
  ),
  ...mutationsOf(
    "lib/log.ts",
    ["lib/log.test.ts"],
    [
      { name: "phone numbers are logged in full", find: '  "*.phone",\n', replace: "" },
      { name: "API keys are logged", find: '  "apiKey",\n', replace: "" },
    ],
  ),
  ...mutationsOf(
    "lib/phone.ts",
    ["lib/phone.test.ts"],
    [
      {
        name: "a masked phone number shows six digits",
        find: "position <= 2 ||",
        replace: "position <= 6 ||",
      },
    ],
  ),
];

export const BOUNDARY_MUTATIONS: readonly Mutation[] = [...AMOUNTS, ...ENTRANCES, ...DISCLOSURE];
