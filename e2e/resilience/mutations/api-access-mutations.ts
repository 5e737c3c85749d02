import { type Mutation, mutationsOf } from "./mutation";

const API_SESSIONS = ["lib/services/api-access/sessions/api-sessions.db.test.ts"];
const KEYS = ["lib/services/api-access/keys/api-keys.db.test.ts"];
const KEY_CHECKS = ["lib/services/api-access/keys/check-api-key.db.test.ts"];

const API_SESSION_RULES: readonly Mutation[] = [
  ...mutationsOf("lib/services/api-access/sessions/refresh-api-session.ts", API_SESSIONS, [
    {
      name: "a used refresh token is accepted again",
      find: 'return isPrevious && isInGrace ? "refreshed" : "reused";',
      replace: 'return "refreshed";',
      only: "a used token after ten seconds",
    },
    {
      name: "reuse of a refresh token doesn't revoke its session",
      find: 'if (result === "reused") await markApiSessionRevoked(tx, userId, sessionId, "reuse");',
      replace: "",
      only: "a used token after ten seconds",
    },
    {
      name: "the revocation of a session is rolled back with the refusal",
      find: "    return result;\n  });",
      replace:
        '    if (result === "reused") throw new DomainError("unauthenticated");\n    return result;\n  });',
      only: "a used token after ten seconds",
    },
    {
      name: "an expired refresh token is accepted",
      find: 'if (!token || token.isExpired) return "refused";',
      replace: 'if (!token) return "refused";',
      only: "an expired token is refused",
    },
  ]),
  ...mutationsOf("lib/services/api-access/sessions/store.ts", API_SESSIONS, [
    {
      name: "concurrent refreshes don't wait for each other",
      find: '.for("no key update", { of: apiSessions })',
      replace: "",
      only: "from eight tabs at once",
    },
    {
      name: "a logged-out API session still works",
      find: "isNull(apiSessions.revokedAt),\n        isNull(users.frozenAt),",
      replace: "isNull(users.frozenAt),",
      only: "ends access and refresh tokens at once",
    },
  ]),
];

const API_KEYS: readonly Mutation[] = [
  ...mutationsOf("lib/services/api-access/keys/policy.ts", KEYS, [
    {
      name: "a sixth active API key is created",
      find: "(await countActiveKeys(tx, userId)) >= ACTIVE_KEYS_MAX",
      replace: "(await countActiveKeys(tx, userId)) > ACTIVE_KEYS_MAX",
      only: "of twelve at once five are made",
    },
  ]),
  ...mutationsOf("lib/services/api-access/keys/store.ts", KEYS, [
    {
      name: "API keys created concurrently exceed the limit",
      find: '.for("no key update")',
      replace: "",
      only: "of twelve at once five are made",
    },
    {
      name: "another user's API key can be revoked",
      find: "eq(apiKeys.userId, userId), eq(apiKeys.id, keyId), isNull(apiKeys.revokedAt)",
      replace: "eq(apiKeys.id, keyId), isNull(apiKeys.revokedAt)",
      only: "somebody else's key is as one that doesn't exist",
    },
  ]),
  ...mutationsOf("lib/services/api-access/keys/store.ts", KEY_CHECKS, [
    {
      name: "a revoked API key still works",
      find: "const isLive = and(isNull(apiKeys.revokedAt), ",
      replace: "const isLive = and(",
      only: "one that we never made, expired, was revoked",
    },
    {
      name: "an expired API key still works",
      find: "> statement_timestamp()",
      replace: "> 'epoch'",
      only: "one that we never made, expired, was revoked",
    },
    {
      name: "API keys of a frozen user still work",
      find: "isLive, isNull(users.frozenAt)",
      replace: "isLive",
      only: "one that we never made, expired, was revoked",
    },
  ]),
  ...mutationsOf("lib/services/api-access/credentials/revocations.ts", KEY_CHECKS, [
    {
      name: "a revocation reaches no other process",
      find: "for (const forget of this.subscribers) forget(name);",
      replace: "",
      only: "is heard from another connection at once",
    },
  ]),
  ...mutationsOf(
    "lib/api/credential.ts",
    ["lib/api/keys/key-calls.db.test.ts"],
    [
      {
        name: "an API key may do what only a signed-in user may",
        find: 'if (key === null || access === "person")',
        replace: "if (key === null)",
        only: "keys can't manage keys",
      },
    ],
  ),
  ...mutationsOf(
    "lib/api/credential.ts",
    ["lib/api/scope-matrix.db.test.ts"],
    [
      {
        name: "an API key may do what it has no permission for",
        find: 'if (!permissions.includes(permission)) throw new DomainError("permission_missing", { permission });',
        replace: "",
        only: "exactly as the table promises",
      },
    ],
  ),
];

export const API_ACCESS_MUTATIONS: readonly Mutation[] = [...API_KEYS, ...API_SESSION_RULES];
