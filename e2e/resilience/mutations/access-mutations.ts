import {
  inFunction,
  removeCall,
  removeCondition,
  removeMethod,
  removeProperty,
  replaceInitialValue,
  replaceProperty,
  replaceReturn,
} from "./code-change";
import { type Mutation, mutationsOf } from "./mutation";

const API_SESSIONS = ["lib/services/api-access/sessions/api-sessions.db.test.ts"];
const KEYS = ["lib/services/api-access/keys/api-keys.db.test.ts"];
const KEY_CHECKS = ["lib/services/api-access/keys/check-api-key.db.test.ts"];
const PINS = ["lib/services/identity/pin/pins.db.test.ts"];
const SESSIONS = ["lib/services/identity/sessions/sessions.db.test.ts"];
const SIGN_IN = ["lib/auth/config.db.test.ts"];

const API_SESSION_RULES: readonly Mutation[] = [
  ...mutationsOf("lib/services/api-access/sessions/refresh-api-session.ts", API_SESSIONS, [
    {
      name: "the revocation of a session is rolled back with the refusal",
      change: inFunction(
        "refreshApiSession",
        replaceReturn(
          "result",
          'if (result === "reused") throw new DomainError("unauthenticated"); return result;',
        ),
      ),
      only: "a used token after ten seconds",
    },
  ]),
  ...mutationsOf("lib/services/api-access/sessions/store.ts", API_SESSIONS, [
    {
      name: "concurrent refreshes don't wait for each other",
      change: inFunction("lockLiveSession", removeMethod("for")),
      only: "from eight tabs at once",
    },
    {
      name: "a logged-out API session still works",
      change: inFunction("isApiSessionLive", removeCondition("revokedAt")),
      only: "ends access and refresh tokens at once",
    },
  ]),
];

const API_KEYS: readonly Mutation[] = [
  ...mutationsOf("lib/services/api-access/keys/store.ts", KEYS, [
    {
      name: "API keys created concurrently exceed the limit",
      change: inFunction("lockActiveUser", removeMethod("for")),
      only: "of twelve at once five are made",
    },
    {
      name: "another user's API key can be revoked",
      change: inFunction("markKeyRevoked", removeCondition("userId")),
      only: "somebody else's key is as one that doesn't exist",
    },
  ]),
  ...mutationsOf("lib/services/api-access/keys/store.ts", KEY_CHECKS, [
    {
      name: "a revoked API key still works",
      change: inFunction("isLive", removeCondition("revokedAt")),
      only: "one that we never made, expired, was revoked",
    },
    {
      name: "an expired API key still works",
      change: inFunction("isLive", removeCondition("expiresAt")),
      only: "one that we never made, expired, was revoked",
    },
    {
      name: "API keys of a frozen user still work",
      change: inFunction("findLiveKey", removeCondition("frozenAt")),
      only: "one that we never made, expired, was revoked",
    },
  ]),
  ...mutationsOf("lib/services/api-access/credentials/revocations.ts", KEY_CHECKS, [
    {
      name: "a revocation reaches no other process",
      change: inFunction("announce", removeCall("forget")),
      only: "is heard from another connection at once",
    },
  ]),
];

const PIN_TRIES: readonly Mutation[] = [
  ...mutationsOf("lib/services/identity/pin/policy.ts", PINS, [
    {
      name: "a PIN allows six tries",
      change: inFunction(
        "PIN_TRIES_MAX",
        replaceInitialValue("PIN_TRIES_MAX", (tries) => `${tries} + 1`),
      ),
      only: "says how many tries are left",
    },
  ]),
  ...mutationsOf("lib/services/identity/pin/check-pin.ts", PINS, [
    {
      name: "a PIN try is counted after the comparison",
      change: inFunction(
        "tryPin",
        replaceInitialValue("counted", (count) => {
          const stored = "await findPin(context.db, userId)";
          return `(await verifyPin((${stored})?.hash ?? "", pin)) ? ${stored} : ${count}`;
        }),
      ),
      only: "has counted the try before it is compared",
    },
  ]),
];

const SESSION_RULES: readonly Mutation[] = [
  ...mutationsOf("lib/services/identity/sessions/store.ts", SESSIONS, [
    {
      name: "another user's session can be revoked",
      change: inFunction("markSessionRevoked", removeCondition("userId")),
      only: "somebody else's can't be revoked",
    },
    {
      name: "a revoked session still works",
      change: inFunction("findLiveSession", removeCondition("isLive")),
      only: "a revoked one ends at once",
    },
  ]),
  ...mutationsOf("lib/auth/end-session.ts", SIGN_IN, [
    {
      name: "signing out only deletes the cookie",
      change: inFunction("endSession", removeCall("revokeSession")),
      only: "signing out ends the session itself",
    },
  ]),
];

const TOKENS: readonly Mutation[] = [
  ...mutationsOf(
    "lib/auth/access-token.ts",
    ["lib/auth/access-token.test.ts"],
    [
      {
        name: "an access token for another audience is accepted",
        change: inFunction("verifyAccessToken", removeProperty("audience")),
      },
      {
        name: "an access token of another issuer is accepted",
        change: inFunction("verifyAccessToken", removeProperty("issuer")),
      },
      {
        name: "an access token may choose its algorithm",
        change: inFunction("verifyAccessToken", removeProperty("algorithms")),
      },
      {
        name: "any type of token is accepted as an access token",
        change: inFunction(
          "claimsSchema",
          replaceProperty("token_type", () => "z.string()"),
        ),
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
        change: inFunction("googleAuthorizationUrl", removeProperty("nonce")),
        only: "gives an address with state, nonce and PKCE",
      },
    ],
  ),
  ...mutationsOf(
    "lib/services/identity/users/authenticate.ts",
    ["lib/services/identity/users/people.db.test.ts"],
    [
      {
        name: "password tries aren't limited",
        change: inFunction("authenticate", removeCall("takeTry")),
        only: "20 wrong tries from one network address",
      },
    ],
  ),
  ...mutationsOf("lib/auth/config.ts", SIGN_IN, [
    {
      name: "sign-in redirects to any site",
      change: inFunction(
        "callbacks",
        replaceProperty("redirect", () => "({ url }: { url: string }) => url"),
      ),
      only: "nobody is sent to another site",
    },
  ]),
];

/** Defects of identity, sessions and API access that Stryker's operators don't make. */
export const ACCESS_MUTATIONS: readonly Mutation[] = [
  ...API_SESSION_RULES,
  ...API_KEYS,
  ...PIN_TRIES,
  ...SESSION_RULES,
  ...TOKENS,
  ...SIGNING_IN,
];
