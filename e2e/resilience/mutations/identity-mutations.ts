import { type Mutation, mutationsOf } from "./mutation";

const PINS = ["lib/services/identity/pin/pins.db.test.ts"];
const SESSIONS = ["lib/services/identity/sessions/sessions.db.test.ts"];
const TOKENS = ["lib/auth/access-token.test.ts"];
const PEOPLE = ["lib/services/identity/users/people.db.test.ts"];
const GOOGLE = ["lib/services/identity/users/sign-in-with-google.db.test.ts"];

const PIN_TRIES: readonly Mutation[] = [
  ...mutationsOf("lib/services/identity/pin/policy.ts", PINS, [
    {
      name: "a PIN allows six tries",
      find: "PIN_TRIES_MAX = 5",
      replace: "PIN_TRIES_MAX = 6",
      only: "says how many tries are left",
    },
  ]),
  ...mutationsOf("lib/services/identity/pin/check-pin.ts", PINS, [
    {
      name: "a PIN try is counted after the comparison",
      find: "const counted = await countTry(context.db, userId, context.now);",
      replace:
        "const counted = (await verifyPin(stored.hash, pin)) ? stored : await countTry(context.db, userId, context.now);",
      only: "has counted the try before it is compared",
    },
    {
      name: "a locked PIN is accepted",
      find: "if (!counted) throw lockedError((await findPin(context.db, userId))?.lockedUntil ?? null, context.now);",
      replace: "if (!counted) return;",
      only: "then until when it is locked",
    },
  ]),
  ...mutationsOf("lib/services/identity/pin/set-pin.ts", PINS, [
    {
      name: "a PIN is changed without the current PIN",
      find: "if (stored) await reauthenticate(context, userId, stored, input);",
      replace: "",
      only: "changing it takes the current one",
    },
  ]),
];

const SESSION_RULES: readonly Mutation[] = [
  ...mutationsOf("lib/services/identity/sessions/store.ts", SESSIONS, [
    {
      name: "another user's session can be revoked",
      find: "eq(sessions.id, sessionId), eq(sessions.userId, userId), isLive",
      replace: "eq(sessions.id, sessionId), isLive",
      only: "somebody else's can't be revoked",
    },
    {
      name: "a revoked session still works",
      find: "eq(sessions.id, sessionId), isLive, isNull(users.frozenAt)",
      replace: "eq(sessions.id, sessionId), isNull(users.frozenAt)",
      only: "a revoked one ends at once",
    },
  ]),
  ...mutationsOf(
    "lib/auth/end-session.ts",
    ["lib/auth/config.db.test.ts"],
    [
      {
        name: "signing out only deletes the cookie",
        find: "await revokeSession({ ...context, actor }, sessionId);",
        replace: "",
        only: "signing out ends the session itself",
      },
    ],
  ),
];

const ACCESS_TOKENS: readonly Mutation[] = [
  ...mutationsOf("lib/auth/access-token.ts", TOKENS, [
    {
      name: "an access token for another audience is accepted",
      find: "      audience: settings.audience,\n",
      replace: "",
    },
    {
      name: "an access token of another issuer is accepted",
      find: "      issuer: settings.issuer,\n",
      replace: "",
    },
    {
      name: "any type of token is accepted as an access token",
      find: "token_type: z.literal(TYPE),",
      replace: "token_type: z.string(),",
    },
    {
      name: "an access token may choose its algorithm",
      find: "      algorithms: [settings.algorithm],\n",
      replace: "",
    },
    {
      name: "an access token may name two users",
      find: "!claims.success || claims.data.sub !== String(claims.data.user_id)",
      replace: "!claims.success",
    },
  ]),
  ...mutationsOf(
    "lib/auth/verified-tokens.ts",
    ["lib/auth/verified-tokens.test.ts"],
    [
      {
        name: "a verified token is cached beyond its expiry",
        find: "if (Date.now() < known.expiresAtMs) return known.holder;",
        replace: "return known.holder;",
      },
    ],
  ),
];

const SIGNING_IN: readonly Mutation[] = [
  ...mutationsOf(
    "lib/auth/google-token.ts",
    ["lib/api/auth/auth-calls.db.test.ts"],
    [
      {
        name: "Google is asked without a nonce",
        find: "    state,\n    nonce,\n    code_challenge:",
        replace: "    state,\n    code_challenge:",
        only: "gives an address with state, nonce and PKCE",
      },
    ],
  ),
  ...mutationsOf("lib/services/identity/users/sign-in-with-google.ts", GOOGLE, [
    {
      name: "an e-mail address that Google hasn't verified signs in",
      find: "if (email === null || !profile.emailVerified)",
      replace: "if (email === null)",
    },
  ]),
  ...mutationsOf("lib/services/identity/users/authenticate.ts", PEOPLE, [
    {
      name: "password tries aren't limited",
      find: "await takeTry(context, emailKey, clientAddress);",
      replace: "",
      only: "20 wrong tries from one network address",
    },
    {
      name: "a frozen user can sign in",
      find: "if (!user || !isRight || user.frozenAt !== null)",
      replace: "if (!user || !isRight)",
      only: "unknown, wrong, without password and frozen",
    },
  ]),
  ...mutationsOf(
    "lib/http/client-address.ts",
    ["lib/http/client-address.test.ts"],
    [
      {
        name: "a caller may forge its network address",
        find: "seen.at(-trustedHops)",
        replace: "seen.at(0)",
      },
    ],
  ),
];

export const IDENTITY_MUTATIONS: readonly Mutation[] = [
  ...PIN_TRIES,
  ...SESSION_RULES,
  ...ACCESS_TOKENS,
  ...SIGNING_IN,
];
