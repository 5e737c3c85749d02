import { setTimeout as wait } from "node:timers/promises";
import { findForm, hiddenFields } from "@/e2e/support/html";
import type { Environment } from "./environment";
import type { HttpResult } from "./http-client";
import { type Operation, SAVER } from "./plan";

type Move = Extract<Operation, { kind: "vault" }>;
type Fields = readonly (readonly [name: string, value: string])[];

const DAY_MS = 24 * 60 * 60 * 1000;
const TRIES_MAX = 100;
const PAUSE_MS = 20;
/** Longer than the error summary above a form. */
const SUMMARY_LENGTH = 2_500;

/** How the messages of a refused form begin (lib/i18n/messages/fr.json). */
const REFUSALS: Readonly<Record<string, RegExp>> = {
  insufficient_funds: /Votre solde disponible ne suffit pas|Ce coffre contient/,
  vault_locked: /Ce coffre est fermé jusqu’au/,
  date_closer: /Choisissez une date plus lointaine/,
};

type FormOutcome = { kind: "ok"; replayed: boolean } | { kind: "fail"; code: string };

/** Puts money into the saver's vault or takes it out by the page's form, as a browser without JavaScript. */
export async function moveByForm(env: Environment, { what, amount, key, strategy }: Move): Promise<void> {
  const { historyLog } = env;
  const startedAt = Date.now();
  const fields = withFields(formOf(env, what), { amount: String(amount), key });
  const disconnectAfterMs = strategy.kind === "disconnect" ? strategy.afterMs : null;
  const send = () => postUntilDefinite(env, what, fields, disconnectAfterMs);
  const outcomes =
    strategy.kind === "concurrent"
      ? await Promise.all([send(), send()])
      : strategy.kind === "replay"
        ? [await send(), await send()]
        : [await send()];
  for (const outcome of outcomes) {
    if (outcome.kind === "fail" && outcome.code === "insufficient_funds")
      historyLog.countFault("refused for insufficient funds");
    const allowed = what === "take" ? ["insufficient_funds", "vault_locked"] : ["insufficient_funds"];
    if (outcome.kind === "fail" && !allowed.includes(outcome.code))
      historyLog.violation(`a vault's form was refused for ${outcome.code}`);
  }
  const successes = outcomes.filter(({ kind }) => kind === "ok");
  if (successes.length === 0) return;
  if (successes.filter((outcome) => "replayed" in outcome && !outcome.replayed).length > 1)
    historyLog.violation("a vault's form with one key was carried out twice");
  const isLocked = historyLog.lockedAt !== null && startedAt > historyLog.lockedAt;
  if (what === "take" && isLocked)
    historyLog.violation("money was taken out of a vault after its lock was acknowledged");
  historyLog.byKey.push({
    ...{
      key,
      type: what === "put" ? "vault_deposit" : "vault_withdrawal",
      who: SAVER,
      to: null,
      currency: "XOF",
    },
    ...{ amount: BigInt(amount), fee: 0n, ackAt: Date.now(), allowedStates: ["succeeded"], scenario: null },
  });
}

/** Locks the vault for some days, counted from today. */
export async function lockByForm(env: Environment, { days }: { days: number }): Promise<void> {
  const lockedUntil = new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
  const fields = withFields(formOf(env, "lock"), { lockedUntil });
  const outcome = await postUntilDefinite(env, "locked", fields, null);
  if (outcome.kind === "ok") env.historyLog.lockedAt ??= Date.now();
  else if (outcome.code !== "date_closer")
    env.historyLog.violation(`a vault's lock was refused for ${outcome.code}`);
}

type FormName = "put" | "take" | "lock";

const pages = new WeakMap<Environment, ReadonlyMap<FormName, Fields>>();

const FIELD_OF: Readonly<Record<FormName, string>> = {
  put: "put-amount",
  take: "take-amount",
  lock: "lock-lockedUntil",
};

/** The hidden fields of a form, from a page that was loaded before. */
function formOf(env: Environment, name: FormName): Fields {
  const fields = pages.get(env)?.get(name);
  if (!fields) throw new Error(`a vault's page has no form to ${name}`);
  return fields;
}

function pathOf({ people }: Environment): string {
  return `/wallet/vaults/${people.saver.vaultId}`;
}

/**
 * Loads the vault's page before the operations begin: later the vault may be locked or the wallet empty, and then the
 * forms are missing. Makes a first deposit, since an empty vault has no form to take money out.
 */
export async function openVaultPage(env: Environment, first: Move): Promise<void> {
  await readForms(env);
  await moveByForm(env, first);
  await readForms(env);
}

async function readForms(env: Environment): Promise<void> {
  const { cookie } = env.people.saver;
  const result = await env.app.send({ method: "GET", path: pathOf(env), headers: { cookie } });
  const html = result.kind === "response" ? result.text : "";
  const names = Object.keys(FIELD_OF) as FormName[];
  const found = names.flatMap((name): [FormName, Fields][] => {
    const form = findForm(html, FIELD_OF[name]);
    return form ? [[name, hiddenFields(form)]] : [];
  });
  pages.set(env, new Map(found));
}

function withFields(fields: Fields, typed: Readonly<Record<string, string>>): Fields {
  return [...fields.filter(([name]) => !(name in typed)), ...Object.entries(typed)];
}

async function postUntilDefinite(
  env: Environment,
  done: string,
  fields: Fields,
  disconnectAfterMs: number | null,
): Promise<FormOutcome> {
  const { historyLog } = env;
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const result = await post(env, fields, tries === 1 ? disconnectAfterMs : null);
    if (result.kind === "response") return classifyForm(result, done);
    historyLog.countFault("ambiguous requests");
    historyLog.countFault("requests retried");
    await wait(PAUSE_MS);
  }
  return { kind: "fail", code: "no definite outcome" };
}

async function post(env: Environment, fields: Fields, disconnectAfterMs: number | null): Promise<HttpResult> {
  env.historyLog.requests += 1;
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  const encoded = new Response(form);
  return await env.app.send({
    method: "POST",
    path: pathOf(env),
    headers: {
      "content-type": encoded.headers.get("content-type") ?? "",
      cookie: env.people.saver.cookie,
      origin: env.deployment.url,
    },
    body: Buffer.from(await encoded.arrayBuffer()),
    disconnectAfterMs,
  });
}

/** A redirect is a success; a page shows why the form was refused. */
function classifyForm(result: Extract<HttpResult, { kind: "response" }>, done: string): FormOutcome {
  const { status, headers, text } = result;
  const doneParam = /[?&]done=([a-z]+)/.exec(headers.location ?? "")?.[1];
  if (status === 303 && (doneParam === done || doneParam === "again"))
    return { kind: "ok", replayed: doneParam === "again" };
  const at = text.indexOf('id="errors"');
  const summary = at === -1 ? "" : text.slice(at, at + SUMMARY_LENGTH);
  const code = Object.keys(REFUSALS).find((name) => REFUSALS[name]?.test(summary));
  return { kind: "fail", code: status === 200 && code !== undefined ? code : `status ${status}` };
}
