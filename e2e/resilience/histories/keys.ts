import type { ApiCall } from "@/lib/api/define-call";
import { createKey } from "@/lib/api/keys/create";
import { revokeKey } from "@/lib/api/keys/revoke";
import { getBalance } from "@/lib/api/wallet/get-balance";
import { type ApiRequest, apiCall, callUntilDefinite } from "./call";
import type { Environment } from "./environment";
import type { Outcome } from "./history-log";
import { type KeyOperation, MANAGER } from "./plan";
import { logBalance } from "./reads";

/** Creates API keys of the manager or revokes the one in use, `copies` times at once. */
export async function manageKeys(env: Environment, { what, copies }: KeyOperation): Promise<void> {
  const work = what === "create" ? createAndUse : revocation(env);
  await Promise.all(Array.from({ length: copies }, () => work(env)));
}

async function request(
  { deployment, people, historyLog }: Environment,
  definition: ApiCall,
  more: Partial<ApiRequest>,
): Promise<Outcome> {
  const as = () => ({ authorization: `Bearer ${people.manager.token}` });
  return await callUntilDefinite(historyLog, apiCall(deployment.url, { definition, as, ...more }));
}

/** Checks that a new key works from the moment that it is shown. */
async function createAndUse(env: Environment): Promise<void> {
  const body = { name: "Resilience", permissions: ["read"], expiry: "1H" };
  const created = await request(env, createKey, { body, refusals: ["key_limit_reached"] });
  if (created.kind !== "ok") return;
  const { api_key } = created.body as { api_key: string };
  const read = await request(env, getBalance, { as: () => ({ "x-api-key": api_key }) });
  if (read.kind !== "ok") env.historyLog.violation("a new key was refused");
  else logBalance(env, MANAGER, "NGN", read);
}

/** Notes when the revocation is requested, and when the first of its copies is acknowledged. */
function revocation({ historyLog, people }: Environment): (env: Environment) => Promise<void> {
  const times = { requestedAt: Date.now(), acknowledgedAt: Number.POSITIVE_INFINITY };
  historyLog.revocation = times;
  const body = { key_id: Number(people.manager.revokedKey.id) };
  return async (env) => {
    const { kind, endedAt } = await request(env, revokeKey, { body });
    if (kind === "ok") times.acknowledgedAt = Math.min(times.acknowledgedAt, endedAt);
  };
}
