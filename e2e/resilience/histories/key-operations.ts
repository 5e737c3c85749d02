import { callUntilDefinite, type Outcome } from "./api-call";
import { accessToken, ownKey } from "./credentials";
import type { Environment } from "./environment";
import { MANAGER, type Operation } from "./plan";
import { logBalance } from "./read-operations";

type KeyOperation = Extract<Operation, { kind: "key" }>;

const ACTIVE_KEYS_MAX = 5;
const BALANCE = "/api/wallet/balance";

/** Creates, revokes, rolls over or lists API keys of the manager, `copies` times at once. */
export async function manageKeys(env: Environment, { what, copies }: KeyOperation): Promise<void> {
  switch (what) {
    case "create":
      await Promise.all(Array.from({ length: copies }, () => createKey(env)));
      return;
    case "revoke":
      return await revoke(env, copies);
    case "rollover":
      return await rollOver(env, copies);
    case "list":
      return await listKeys(env);
  }
}

async function createKey(env: Environment): Promise<void> {
  const body = { name: "Resilience", permissions: ["read"], expiry: "1H" };
  const credential = accessToken(env, ["key_limit_reached"]);
  const outcome = await callUntilDefinite(env.app, env.historyLog, {
    method: "POST",
    route: "/api/keys/create",
    body,
    ...credential,
  });
  if (outcome.kind === "ok") await checkNewKey(env, (outcome.body as { api_key: string }).api_key);
}

/** Checks that a new key works from the moment that it is shown. */
async function checkNewKey({ app, historyLog, people }: Environment, apiKey: string): Promise<void> {
  const credential = () => ({ "x-api-key": apiKey });
  const read = await callUntilDefinite(app, historyLog, {
    method: "GET",
    route: BALANCE,
    credential,
    refusals: [],
  });
  if (read.kind !== "ok") historyLog.violation("a new key was refused");
  else logBalance({ app, historyLog, people } as Environment, MANAGER, "NGN", read);
}

async function revoke(env: Environment, copies: number): Promise<void> {
  const { historyLog, people } = env;
  const body = { key_id: Number(people.manager.revokedInUse.id) };
  const revocation = { requestedAt: Date.now(), acknowledgedAt: Number.POSITIVE_INFINITY };
  historyLog.revocation = revocation;
  const send = async (): Promise<void> => {
    const outcome = await callUntilDefinite(env.app, historyLog, {
      method: "POST",
      route: "/api/keys/revoke",
      body,
      ...accessToken(env),
    });
    if (outcome.kind === "ok")
      revocation.acknowledgedAt = Math.min(revocation.acknowledgedAt, outcome.endedAt);
  };
  await Promise.all(Array.from({ length: copies }, send));
}

/** Checks that an expired key gets one successor at most, and stays refused. */
async function rollOver(env: Environment, copies: number): Promise<void> {
  const { app, historyLog, people } = env;
  const { expired } = people.manager;
  const body = { expired_key_id: Number(expired.id), expiry: "1H" };
  const credential = accessToken(env, ["key_replaced", "key_limit_reached"]);
  const send = () =>
    callUntilDefinite(app, historyLog, { method: "POST", route: "/api/keys/rollover", body, ...credential });
  const outcomes: Outcome[] = await Promise.all(Array.from({ length: copies }, send));
  const successors = outcomes.filter(({ kind }) => kind === "ok");
  if (successors.length > 1) historyLog.violation(`an expired key got ${successors.length} successors`);
  const isReplaced = outcomes.some((outcome) => outcome.kind === "fail" && outcome.code === "key_replaced");
  if (isReplaced && successors.length === 0)
    historyLog.violation("an expired key was reported as replaced, and nobody was given its successor");
  const old = { credential: () => ({ "x-api-key": expired.apiKey }), refusals: ["unauthenticated"] };
  const used = await callUntilDefinite(app, historyLog, { method: "GET", route: BALANCE, ...old });
  if (used.kind !== "fail") historyLog.violation("an expired key was accepted");
}

async function listKeys(env: Environment): Promise<void> {
  const { app, historyLog } = env;
  const outcome = await callUntilDefinite(app, historyLog, {
    method: "GET",
    route: "/api/keys/list",
    ...accessToken(env),
  });
  if (outcome.kind !== "ok") return;
  const active = (outcome.body as { is_active: boolean }[]).filter((key) => key.is_active).length;
  if (active > ACTIVE_KEYS_MAX) historyLog.violation(`${active} keys of one person were active at once`);
  // No API key may list keys, whatever its permissions.
  const byKey = await callUntilDefinite(app, historyLog, {
    ...{ method: "GET", route: "/api/keys/list" },
    ...ownKey(env, MANAGER, ["unauthenticated"]),
  });
  if (byKey.kind === "ok") historyLog.violation("an API key listed the keys of its owner");
}
