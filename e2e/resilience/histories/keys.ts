import type { ApiCall } from "@/lib/api/define-call";
import { createKey } from "@/lib/api/keys/create";
import { listKeys } from "@/lib/api/keys/list";
import { revokeKey } from "@/lib/api/keys/revoke";
import { rolloverKey } from "@/lib/api/keys/rollover";
import { getBalance } from "@/lib/api/wallet/get-balance";
import { type ApiRequest, apiCall, callUntilDefinite } from "./call";
import { accessToken, ownKey } from "./credentials";
import type { Environment } from "./environment";
import type { Outcome } from "./history-log";
import { type KeyOperation, MANAGER } from "./plan";
import { logBalance } from "./reads";

/** Of one person, at once. */
export const ACTIVE_KEYS_MAX = 5;

const OPERATIONS = { create: createAndUse, revoke, rollover: rollOver, list } as const;

/** Creates, revokes, rolls over or lists API keys of the manager, `copies` times at once. */
export async function manageKeys(env: Environment, { what, copies }: KeyOperation): Promise<void> {
  await OPERATIONS[what](env, copies);
}

/** With the manager's access token unless said. */
async function request(env: Environment, { as = accessToken(env), ...more }: KeyRequest): Promise<Outcome> {
  return await callUntilDefinite(env.historyLog, apiCall(env.deployment.url, { as, ...more }));
}

type KeyRequest = Omit<ApiRequest, "as"> & Partial<ApiRequest>;

const atOnce = <T>(copies: number, work: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: copies }, work));

/** Checks that a new key works from the moment that it is shown. */
async function createAndUse(env: Environment, copies: number): Promise<void> {
  const body = { name: "Resilience", permissions: ["read"], expiry: "1H" };
  await atOnce(copies, async () => {
    const created = await request(env, { definition: createKey, body, refusals: ["key_limit_reached"] });
    if (created.kind !== "ok") return;
    const { api_key } = created.body as { api_key: string };
    const read = await request(env, { definition: getBalance, as: () => ({ "x-api-key": api_key }) });
    if (read.kind !== "ok") env.historyLog.violation("a new key was refused");
    else logBalance(env, MANAGER, "NGN", read);
  });
}

async function revoke(env: Environment, copies: number): Promise<void> {
  const { historyLog, people } = env;
  const revocation = { requestedAt: Date.now(), acknowledgedAt: Number.POSITIVE_INFINITY };
  historyLog.revocation = revocation;
  const body = { key_id: Number(people.manager.revokedKey.id) };
  await atOnce(copies, async () => {
    const { kind, endedAt } = await request(env, { definition: revokeKey, body });
    if (kind === "ok") revocation.acknowledgedAt = Math.min(revocation.acknowledgedAt, endedAt);
  });
}

/** Checks that an expired key gets one successor at most, and stays refused. */
async function rollOver(env: Environment, copies: number): Promise<void> {
  const { historyLog, people } = env;
  const { id, apiKey } = people.manager.expiredKey;
  const body = { expired_key_id: Number(id), expiry: "1H" };
  const refusals = ["key_replaced", "key_limit_reached"];
  const outcomes = await atOnce(copies, () => request(env, { definition: rolloverKey, body, refusals }));
  const successors = outcomes.filter(({ kind }) => kind === "ok").length;
  if (successors > 1) historyLog.violation(`an expired key got ${successors} successors`);
  const isReplaced = outcomes.some((outcome) => outcome.kind === "fail" && outcome.code === "key_replaced");
  if (isReplaced && successors === 0)
    historyLog.violation("an expired key was reported as replaced, and nobody was given its successor");
  await checkRefused(env, getBalance, apiKey);
}

async function list(env: Environment): Promise<void> {
  const outcome = await request(env, { definition: listKeys });
  if (outcome.kind === "ok") {
    const active = (outcome.body as { is_active: boolean }[]).filter((key) => key.is_active).length;
    if (active > ACTIVE_KEYS_MAX)
      env.historyLog.violation(`${active} keys of one person were active at once`);
  }
  // No API key may list keys, whatever its permissions.
  await checkRefused(env, listKeys, ownKey(env, MANAGER)(1)["x-api-key"] ?? "");
}

async function checkRefused(env: Environment, definition: ApiCall, apiKey: string): Promise<void> {
  const as = () => ({ "x-api-key": apiKey });
  const outcome = await request(env, { definition, as, refusals: ["unauthenticated"] });
  if (outcome.kind !== "fail")
    env.historyLog.violation(`${definition.path} accepted a key that it must refuse`);
}
