import type { Stage } from "./act";
import { noteBalance } from "./act-reads";
import { askUntilSure, type Sure } from "./call";
import { own, token } from "./credentials";
import { MANAGER, type Operation } from "./plan";

type KeyOperation = Extract<Operation, { kind: "key" }>;

const ACTIVE_KEYS_MAX = 5;
const BALANCE = "/api/wallet/balance";

/** What the manager does about keys, several times at once where it says so. */
export async function manageKeys(stage: Stage, { what, copies }: KeyOperation): Promise<void> {
  switch (what) {
    case "make":
      await Promise.all(Array.from({ length: copies }, () => makeKey(stage)));
      return;
    case "revoke":
      return await revoke(stage, copies);
    case "rollover":
      return await rollOver(stage, copies);
    case "list":
      return await listKeys(stage);
  }
}

async function makeKey(stage: Stage): Promise<void> {
  const body = { name: "Proof", permissions: ["read"], expiry: "1H" };
  const credential = token(stage, ["key_limit_reached"]);
  const sure = await askUntilSure(stage.app, stage.historyLog, {
    method: "POST",
    route: "/api/keys/create",
    body,
    ...credential,
  });
  if (sure.kind === "yes") await tryNew(stage, (sure.said as { api_key: string }).api_key);
}

/** A key is good from the moment that it is shown, and for what it permits only. */
async function tryNew({ app, historyLog, people }: Stage, apiKey: string): Promise<void> {
  const credential = () => ({ "x-api-key": apiKey });
  const read = await askUntilSure(app, historyLog, {
    method: "GET",
    route: BALANCE,
    credential,
    refusals: [],
  });
  if (read.kind !== "yes") historyLog.violation("a new key was refused");
  else noteBalance({ app, historyLog, people } as Stage, MANAGER, "NGN", read);
}

async function revoke(stage: Stage, copies: number): Promise<void> {
  const { historyLog, people } = stage;
  const body = { key_id: Number(people.manager.contested.id) };
  const revocation = { askedAt: Date.now(), answeredAt: Number.POSITIVE_INFINITY };
  historyLog.revocation = revocation;
  const ask = async (): Promise<void> => {
    const sure = await askUntilSure(stage.app, historyLog, {
      method: "POST",
      route: "/api/keys/revoke",
      body,
      ...token(stage),
    });
    if (sure.kind === "yes") revocation.answeredAt = Math.min(revocation.answeredAt, sure.endedAt);
  };
  await Promise.all(Array.from({ length: copies }, ask));
}

/** An expired key has one successor at most, and stays refused itself. */
async function rollOver(stage: Stage, copies: number): Promise<void> {
  const { app, historyLog, people } = stage;
  const { expired } = people.manager;
  const body = { expired_key_id: Number(expired.id), expiry: "1H" };
  const credential = token(stage, ["key_replaced", "key_limit_reached"]);
  const ask = () =>
    askUntilSure(app, historyLog, { method: "POST", route: "/api/keys/rollover", body, ...credential });
  const sures: Sure[] = await Promise.all(Array.from({ length: copies }, ask));
  const made = sures.filter(({ kind }) => kind === "yes");
  if (made.length > 1) historyLog.violation(`an expired key got ${made.length} successors`);
  const isReplaced = sures.some((sure) => sure.kind === "no" && sure.code === "key_replaced");
  if (isReplaced && made.length === 0)
    historyLog.violation("an expired key was called replaced before anybody was given its successor");
  const old = { credential: () => ({ "x-api-key": expired.apiKey }), refusals: ["unauthenticated"] };
  const used = await askUntilSure(app, historyLog, { method: "GET", route: BALANCE, ...old });
  if (used.kind !== "no") historyLog.violation("an expired key was good");
}

async function listKeys(stage: Stage): Promise<void> {
  const { app, historyLog } = stage;
  const sure = await askUntilSure(app, historyLog, {
    method: "GET",
    route: "/api/keys/list",
    ...token(stage),
  });
  if (sure.kind !== "yes") return;
  const active = (sure.said as { is_active: boolean }[]).filter((key) => key.is_active).length;
  if (active > ACTIVE_KEYS_MAX) historyLog.violation(`${active} keys of one person were active at once`);
  // A key can't list keys, whatever it may do.
  const byKey = await askUntilSure(app, historyLog, {
    ...{ method: "GET", route: "/api/keys/list" },
    ...own(stage, MANAGER, ["unauthenticated"]),
  });
  if (byKey.kind === "yes") historyLog.violation("an API key listed the keys of its owner");
}
