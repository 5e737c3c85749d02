import { defectsIn, type Mutant } from "./mutant";

const PINS = ["lib/services/pins/pins.db.test.ts"];
const KEYS = ["lib/services/api-keys/api-keys.db.test.ts"];
const KEY_CHECKS = ["lib/services/api-keys/check-api-key.db.test.ts"];
const API_SESSIONS = ["lib/services/api-sessions/api-sessions.db.test.ts"];
const SESSIONS = ["lib/services/users/sessions.db.test.ts"];
const TOKENS = ["lib/auth/access-token.test.ts"];
const PEOPLE = ["lib/services/users/people.db.test.ts"];
const GOOGLE = ["lib/services/users/sign-in-with-google.db.test.ts"];

const PIN_TRIES: readonly Mutant[] = [
  ...defectsIn("lib/services/pins/policy.ts", PINS, [
    {
      name: "a PIN has six tries",
      find: "PIN_TRIES_MAX = 5",
      replace: "PIN_TRIES_MAX = 6",
      only: "says how many tries are left",
    },
  ]),
  ...defectsIn("lib/services/pins/check-pin.ts", PINS, [
    {
      name: "a PIN's try is counted after it was compared",
      find: "const counted = await countTry(context.db, userId, context.now);",
      replace:
        "const counted = (await verifyPin(stored.hash, pin)) ? stored : await countTry(context.db, userId, context.now);",
      only: "has counted the try before it is compared",
    },
    {
      name: "a locked PIN opens all the same",
      find: "if (!counted) throw lockedError((await findPin(context.db, userId))?.lockedUntil ?? null, context.now);",
      replace: "if (!counted) return;",
      only: "then until when it is locked",
    },
  ]),
  ...defectsIn("lib/services/pins/set-pin.ts", PINS, [
    {
      name: "a PIN is changed without a proof",
      find: "if (stored) await prove(context, userId, stored, input);",
      replace: "",
      only: "changing it takes the current one",
    },
  ]),
];

const API_KEYS: readonly Mutant[] = [
  ...defectsIn("lib/services/api-keys/policy.ts", KEYS, [
    {
      name: "a sixth key is made",
      find: "(await countActiveKeys(tx, userId)) >= ACTIVE_KEYS_MAX",
      replace: "(await countActiveKeys(tx, userId)) > ACTIVE_KEYS_MAX",
      only: "of twelve at once five are made",
    },
  ]),
  ...defectsIn("lib/services/api-keys/store.ts", KEYS, [
    {
      name: "keys that are made at once aren't counted",
      find: '.for("no key update")',
      replace: "",
      only: "of twelve at once five are made",
    },
    {
      name: "somebody else's key is revoked",
      find: "eq(apiKeys.userId, userId),\n        keyId === null",
      replace: "keyId === null",
      only: "somebody else's key is as one that doesn't exist",
    },
  ]),
  ...defectsIn("lib/services/api-keys/store.ts", KEY_CHECKS, [
    {
      name: "a revoked key goes on working",
      find: "const isLive = and(isNull(apiKeys.revokedAt), ",
      replace: "const isLive = and(",
      only: "one that we never made, expired, was revoked",
    },
    {
      name: "an expired key goes on working",
      find: "> statement_timestamp()",
      replace: "> 'epoch'",
      only: "one that we never made, expired, was revoked",
    },
    {
      name: "the keys of a frozen person go on working",
      find: "isLive, isNull(users.frozenAt)",
      replace: "isLive",
      only: "one that we never made, expired, was revoked",
    },
  ]),
  ...defectsIn("lib/services/credentials/revocations.ts", KEY_CHECKS, [
    {
      name: "a revocation is heard by nobody",
      find: "for (const forget of this.subscribers) forget(name);",
      replace: "",
      only: "is heard from another connection at once",
    },
  ]),
  ...defectsIn(
    "lib/api/credential.ts",
    ["lib/api/keys/key-calls.db.test.ts"],
    [
      {
        name: "a key does what only a person may",
        find: 'if (key === null || access === "person")',
        replace: "if (key === null)",
        only: "keys can't manage keys",
      },
    ],
  ),
  ...defectsIn(
    "lib/api/credential.ts",
    ["lib/api/scope-matrix.db.test.ts"],
    [
      {
        name: "a key does what it wasn't permitted",
        find: 'if (!permissions.includes(permission)) throw new DomainError("permission_missing", { permission });',
        replace: "",
        only: "exactly as the table promises",
      },
    ],
  ),
];

const FAMILIES: readonly Mutant[] = [
  ...defectsIn("lib/services/api-sessions/refresh-api-session.ts", API_SESSIONS, [
    {
      name: "a refresh token is good more than once",
      find: 'return isPrevious && isInGrace ? "refreshed" : "reused";',
      replace: 'return "refreshed";',
      only: "a used token after ten seconds",
    },
    {
      name: "a stolen refresh token ends nothing",
      find: 'if (result === "reused") await markApiSessionsRevoked(tx, userId, sessionId, "reuse");',
      replace: "",
      only: "a used token after ten seconds",
    },
    {
      name: "the end of a family is rolled back with its refusal",
      find: "    return result;\n  });",
      replace:
        '    if (result === "reused") throw new DomainError("unauthenticated");\n    return result;\n  });',
      only: "a used token after ten seconds",
    },
    {
      name: "a refresh token is good after its end",
      find: 'if (!token || token.isExpired) return "refused";',
      replace: 'if (!token) return "refused";',
      only: "an expired token is refused",
    },
  ]),
  ...defectsIn("lib/services/api-sessions/store.ts", API_SESSIONS, [
    {
      name: "tabs that refresh at once don't wait in line",
      find: '.for("no key update", { of: apiSessions })',
      replace: "",
      only: "from eight tabs at once",
    },
    {
      name: "an API session that was logged out goes on",
      find: "isNull(apiSessions.revokedAt),\n        isNull(users.frozenAt),",
      replace: "isNull(users.frozenAt),",
      only: "ends access and refresh tokens at once",
    },
  ]),
  ...defectsIn("lib/services/users/store.ts", SESSIONS, [
    {
      name: "somebody else's session is ended",
      find: "eq(sessions.id, sessionId), eq(sessions.userId, userId), isLive",
      replace: "eq(sessions.id, sessionId), isLive",
      only: "somebody else's can't be revoked",
    },
    {
      name: "a session that was ended goes on",
      find: "eq(sessions.id, sessionId), isLive, isNull(users.frozenAt)",
      replace: "eq(sessions.id, sessionId), isNull(users.frozenAt)",
      only: "a revoked one ends at once",
    },
  ]),
  ...defectsIn(
    "lib/auth/end-session.ts",
    ["lib/auth/config.db.test.ts"],
    [
      {
        name: "signing out takes the cookie away and nothing else",
        find: "await revokeSession({ ...context, actor }, sessionId);",
        replace: "",
        only: "signing out ends the session itself",
      },
    ],
  ),
];

const ACCESS_TOKENS: readonly Mutant[] = [
  ...defectsIn("lib/auth/access-token.ts", TOKENS, [
    { name: "a token for somebody else opens", find: "      audience: settings.audience,\n", replace: "" },
    { name: "a token of somebody else's opens", find: "      issuer: settings.issuer,\n", replace: "" },
    {
      name: "any type of token opens",
      find: "token_type: z.literal(TYPE),",
      replace: "token_type: z.string(),",
    },
    {
      name: "a token chooses how it is verified",
      find: "      algorithms: [settings.algorithm],\n",
      replace: "",
    },
    {
      name: "a token names two people",
      find: "!claims.success || claims.data.sub !== String(claims.data.user_id)",
      replace: "!claims.success",
    },
  ]),
  ...defectsIn(
    "lib/auth/verified-tokens.ts",
    ["lib/auth/verified-tokens.test.ts"],
    [
      {
        name: "a token that was good is good for ever",
        find: "if (Date.now() < known.expiresAtMs) return known.holder;",
        replace: "return known.holder;",
      },
    ],
  ),
];

const SIGNING_IN: readonly Mutant[] = [
  ...defectsIn(
    "lib/auth/google-token.ts",
    ["lib/api/auth/auth-calls.db.test.ts"],
    [
      {
        name: "an id token that was asked for elsewhere opens",
        find: "if (nonce !== proof.nonce || !isForUs)",
        replace: "if (!isForUs)",
        only: "a nonce that isn't the one we sent",
      },
    ],
  ),
  ...defectsIn("lib/services/users/sign-in-with-google.ts", GOOGLE, [
    {
      name: "an address that Google hasn't verified opens its account",
      find: "if (email === null || !profile.emailVerified)",
      replace: "if (email === null)",
    },
  ]),
  ...defectsIn("lib/services/users/authenticate.ts", PEOPLE, [
    {
      name: "passwords may be guessed without end",
      find: "await takeTry(context, emailKey, clientAddress);",
      replace: "",
      only: "20 wrong tries from one network address",
    },
    {
      name: "a frozen person signs in",
      find: "if (!user || !isRight || user.frozenAt !== null)",
      replace: "if (!user || !isRight)",
      only: "unknown, wrong, without password and frozen",
    },
  ]),
  ...defectsIn(
    "lib/auth/client-address.ts",
    ["lib/auth/client-address.test.ts"],
    [
      {
        name: "a caller says itself where it calls from",
        find: "seen.at(-trustedHops)",
        replace: "seen.at(0)",
      },
    ],
  ),
];

export const CREDENTIAL_MUTANTS: readonly Mutant[] = [
  ...PIN_TRIES,
  ...API_KEYS,
  ...FAMILIES,
  ...ACCESS_TOKENS,
  ...SIGNING_IN,
];
