import { setTimeout as wait } from "node:timers/promises";
import { type Attributes, findForms } from "@/e2e/bench/html-tags";
import type { Stage } from "./act";
import type { Heard } from "./client";
import { type Operation, SAVER } from "./plan";

type Move = Extract<Operation, { kind: "vault" }>;
type Fields = readonly (readonly [name: string, value: string])[];

const DAY_MS = 24 * 60 * 60 * 1000;
const TRIES_MAX = 100;
const PAUSE_MS = 20;
/** More than the list of what is wrong above a form is long. */
const SUMMARY_LENGTH = 2_500;

/** What a form that was refused says on its page, as the messages begin (lib/i18n/messages/fr.json). */
const REFUSALS: Readonly<Record<string, RegExp>> = {
  insufficient_funds: /Votre solde disponible ne suffit pas|Ce coffre contient/,
  vault_locked: /Ce coffre est fermé jusqu’au/,
  date_closer: /Choisissez une date plus lointaine/,
};

type Verdict = { kind: "yes"; replayed: boolean } | { kind: "no"; code: string };

/** Puts money into the saver's vault, or takes it out, as a browser without JavaScript posts the page's form. */
export async function moveByForm(stage: Stage, { what, amount, key, tactic }: Move): Promise<void> {
  const { historyLog } = stage;
  const startedAt = Date.now();
  const fields = withFields(formOf(stage, what), { amount: String(amount), key });
  const hangUpAfterMs = tactic.kind === "hang_up" ? tactic.afterMs : null;
  const send = () => postUntilSure(stage, what, fields, hangUpAfterMs);
  const verdicts =
    tactic.kind === "twins"
      ? await Promise.all([send(), send()])
      : tactic.kind === "again"
        ? [await send(), await send()]
        : [await send()];
  for (const verdict of verdicts) {
    if (verdict.kind === "no" && verdict.code === "insufficient_funds")
      historyLog.met("refused for lack of money");
    const allowed = what === "take" ? ["insufficient_funds", "vault_locked"] : ["insufficient_funds"];
    if (verdict.kind === "no" && !allowed.includes(verdict.code))
      historyLog.violation(`a vault's form was refused for ${verdict.code}`);
  }
  const said = verdicts.filter(({ kind }) => kind === "yes");
  if (said.length === 0) return;
  if (said.filter((verdict) => "replayed" in verdict && !verdict.replayed).length > 1)
    historyLog.violation("a vault's form with one key was carried out twice");
  const isLocked = historyLog.lockedAt !== null && startedAt > historyLog.lockedAt;
  if (what === "take" && isLocked)
    historyLog.violation("money was taken out of a vault after its lock had been answered");
  historyLog.byKey.push({
    ...{
      key,
      type: what === "put" ? "vault_deposit" : "vault_withdrawal",
      who: SAVER,
      to: null,
      currency: "XOF",
    },
    ...{ amount: BigInt(amount), fee: 0n, ackAt: Date.now(), ends: ["succeeded"], scenario: null },
  });
}

/** Locks the vault for some days, counted from today. */
export async function lockByForm(stage: Stage, { days }: { days: number }): Promise<void> {
  const lockedUntil = new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
  const fields = withFields(formOf(stage, "lock"), { lockedUntil });
  const verdict = await postUntilSure(stage, "locked", fields, null);
  if (verdict.kind === "yes") stage.historyLog.lockedAt ??= Date.now();
  else if (verdict.code !== "date_closer")
    stage.historyLog.violation(`a vault's lock was refused for ${verdict.code}`);
}

type FormName = "put" | "take" | "lock";

const pages = new WeakMap<Stage, ReadonlyMap<FormName, Fields>>();

const FIELD_OF: Readonly<Record<FormName, string>> = {
  put: "put-amount",
  take: "take-amount",
  lock: "lock-lockedUntil",
};

/** What a browser's page, which is older than what it posts to, says of a form. */
function formOf(stage: Stage, name: FormName): Fields {
  const fields = pages.get(stage)?.get(name);
  if (!fields) throw new Error(`a vault's page has no form to ${name}`);
  return fields;
}

function pathOf({ people }: Stage): string {
  return `/wallet/vaults/${people.saver.vaultId}`;
}

/**
 * Reads the forms before anything happens, since later the vault may be locked, or the wallet empty; and puts the first
 * money in, as an empty vault has nothing to take.
 */
export async function openVaultPage(stage: Stage, first: Move): Promise<void> {
  await readForms(stage);
  await moveByForm(stage, first);
  await readForms(stage);
}

async function readForms(stage: Stage): Promise<void> {
  const { cookie } = stage.people.saver;
  const heard = await stage.app.ask({ method: "GET", path: pathOf(stage), headers: { cookie } });
  const forms = findForms(heard.kind === "answer" ? heard.text : "");
  const names = Object.keys(FIELD_OF) as FormName[];
  const found = names.flatMap((name): [FormName, Fields][] => {
    const form = forms.find(({ inputs }) => inputs.some((input) => input.get("id") === FIELD_OF[name]));
    const hidden = form?.inputs.filter((input) => input.get("type") === "hidden");
    return hidden ? [[name, hidden.map(pairOf)]] : [];
  });
  pages.set(stage, new Map(found));
}

function pairOf(input: Attributes): readonly [string, string] {
  return [input.get("name") ?? "", input.get("value") ?? ""];
}

function withFields(fields: Fields, typed: Readonly<Record<string, string>>): Fields {
  return [...fields.filter(([name]) => !(name in typed)), ...Object.entries(typed)];
}

async function postUntilSure(
  stage: Stage,
  done: string,
  fields: Fields,
  hangUpAfterMs: number | null,
): Promise<Verdict> {
  const { historyLog } = stage;
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const heard = await post(stage, fields, tries === 1 ? hangUpAfterMs : null);
    if (heard.kind === "answer") return classifyForm(heard, done);
    historyLog.met("ambiguous requests");
    historyLog.met("requests retried");
    await wait(PAUSE_MS);
  }
  return { kind: "no", code: "no definitive answer" };
}

async function post(stage: Stage, fields: Fields, hangUpAfterMs: number | null): Promise<Heard> {
  stage.historyLog.requests += 1;
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  const encoded = new Response(form);
  return await stage.app.ask({
    method: "POST",
    path: pathOf(stage),
    headers: {
      "content-type": encoded.headers.get("content-type") ?? "",
      cookie: stage.people.saver.cookie,
      origin: stage.deployment.url,
    },
    body: Buffer.from(await encoded.arrayBuffer()),
    hangUpAfterMs,
  });
}

/** A redirect says what was done, a page why not. */
export function classifyForm(heard: Extract<Heard, { kind: "answer" }>, done: string): Verdict {
  const { status, headers, text } = heard;
  const told = /[?&]done=([a-z]+)/.exec(headers.location ?? "")?.[1];
  if (status === 303 && (told === done || told === "again"))
    return { kind: "yes", replayed: told === "again" };
  const at = text.indexOf('id="errors"');
  const summary = at === -1 ? "" : text.slice(at, at + SUMMARY_LENGTH);
  const code = Object.keys(REFUSALS).find((name) => REFUSALS[name]?.test(summary));
  return { kind: "no", code: status === 200 && code !== undefined ? code : `status ${status}` };
}
