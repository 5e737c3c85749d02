import { type Mutation, mutationsOf } from "./mutation";

const PINS = ["lib/services/identity/pin/pins.db.test.ts"];
const KEYS = ["lib/services/api-access/keys/api-keys.db.test.ts"];
const KEY_CHECKS = ["lib/services/api-access/keys/check-api-key.db.test.ts"];

const PIN_TRIES: readonly Mutation[] = [
  ...mutationsOf("lib/services/identity/pin/policy.ts", PINS, [
    {
      name: "a PIN has six tries",
      find: "PIN_TRIES_MAX = 5",
      replace: "PIN_TRIES_MAX = 6",
      only: "says how many tries are left",
    },
  ]),
  ...mutationsOf("lib/services/identity/pin/check-pin.ts", PINS, [
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
  ...mutationsOf("lib/services/identity/pin/set-pin.ts", PINS, [
    {
      name: "a PIN is changed without a proof",
      find: "if (stored) await prove(context, userId, stored, input);",
      replace: "",
      only: "changing it takes the current one",
    },
  ]),
];

const API_KEYS: readonly Mutation[] = [
  ...mutationsOf("lib/services/api-access/keys/policy.ts", KEYS, [
    {
      name: "a sixth key is made",
      find: "(await countActiveKeys(tx, userId)) >= ACTIVE_KEYS_MAX",
      replace: "(await countActiveKeys(tx, userId)) > ACTIVE_KEYS_MAX",
      only: "of twelve at once five are made",
    },
  ]),
  ...mutationsOf("lib/services/api-access/keys/store.ts", KEYS, [
    {
      name: "keys that are made at once aren't counted",
      find: '.for("no key update")',
      replace: "",
      only: "of twelve at once five are made",
    },
    {
      name: "somebody else's key is revoked",
      find: "eq(apiKeys.userId, userId), eq(apiKeys.id, keyId), isNull(apiKeys.revokedAt)",
      replace: "eq(apiKeys.id, keyId), isNull(apiKeys.revokedAt)",
      only: "somebody else's key is as one that doesn't exist",
    },
  ]),
  ...mutationsOf("lib/services/api-access/keys/store.ts", KEY_CHECKS, [
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
  ...mutationsOf("lib/services/api-access/credentials/revocations.ts", KEY_CHECKS, [
    {
      name: "a revocation is heard by nobody",
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
        name: "a key does what only a person may",
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
        name: "a key does what it wasn't permitted",
        find: 'if (!permissions.includes(permission)) throw new DomainError("permission_missing", { permission });',
        replace: "",
        only: "exactly as the table promises",
      },
    ],
  ),
];

export const API_ACCESS_MUTATIONS: readonly Mutation[] = [...PIN_TRIES, ...API_KEYS];
