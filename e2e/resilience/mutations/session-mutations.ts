import { type Mutation, mutationsOf } from "./mutation";

const API_SESSIONS = ["lib/services/api-access/sessions/api-sessions.db.test.ts"];
const SESSIONS = ["lib/services/identity/sessions/sessions.db.test.ts"];
const TOKENS = ["lib/auth/access-token.test.ts"];
const PEOPLE = ["lib/services/identity/users/people.db.test.ts"];
const GOOGLE = ["lib/services/identity/users/sign-in-with-google.db.test.ts"];

const FAMILIES: readonly Mutation[] = [
  ...mutationsOf("lib/services/api-access/sessions/refresh-api-session.ts", API_SESSIONS, [
    {
      name: "a refresh token is good more than once",
      find: 'return isPrevious && isInGrace ? "refreshed" : "reused";',
      replace: 'return "refreshed";',
      only: "a used token after ten seconds",
    },
    {
      name: "a stolen refresh token ends nothing",
      find: 'if (result === "reused") await markApiSessionRevoked(tx, userId, sessionId, "reuse");',
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
  ...mutationsOf("lib/services/api-access/sessions/store.ts", API_SESSIONS, [
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
  ...mutationsOf("lib/services/identity/users/store.ts", SESSIONS, [
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
  ...mutationsOf(
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

const ACCESS_TOKENS: readonly Mutation[] = [
  ...mutationsOf("lib/auth/access-token.ts", TOKENS, [
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
  ...mutationsOf(
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

const SIGNING_IN: readonly Mutation[] = [
  ...mutationsOf(
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
  ...mutationsOf("lib/services/identity/users/sign-in-with-google.ts", GOOGLE, [
    {
      name: "an address that Google hasn't verified opens its account",
      find: "if (email === null || !profile.emailVerified)",
      replace: "if (email === null)",
    },
  ]),
  ...mutationsOf("lib/services/identity/users/authenticate.ts", PEOPLE, [
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
  ...mutationsOf(
    "lib/http/client-address.ts",
    ["lib/http/client-address.test.ts"],
    [
      {
        name: "a caller says itself where it calls from",
        find: "seen.at(-trustedHops)",
        replace: "seen.at(0)",
      },
    ],
  ),
];

export const SESSION_MUTATIONS: readonly Mutation[] = [...FAMILIES, ...ACCESS_TOKENS, ...SIGNING_IN];
