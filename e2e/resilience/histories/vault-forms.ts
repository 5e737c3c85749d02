import { findForm, hiddenFields } from "@/e2e/support/html";
import french from "@/lib/i18n/messages/fr.json";
import { invariant } from "@/lib/invariant";
import { type Call, callUntilDefinite, send, type Verdict } from "./call";
import type { Environment, FormName } from "./environment";
import { LOCK_DAYS_MIN } from "./plan";

/** Of each form: a field that only it has, what its success is called in the address, and its refusals. */
const FORMS = {
  vault_deposit: { field: "put-amount", done: "put", refusals: ["insufficient_funds"] },
  vault_withdrawal: { field: "take-amount", done: "take", refusals: ["insufficient_funds", "vault_locked"] },
  vault_lock: { field: "lockedUntil", done: "locked", refusals: [] },
} as const satisfies Record<FormName, { field: string; done: string; refusals: readonly string[] }>;

/** The messages of a refused form. */
const MESSAGES: Readonly<Record<string, readonly string[]>> = {
  insufficient_funds: [french.errors.insufficient_funds, french.fields.vault_too_little],
  vault_locked: [french.errors.vault_locked],
};
/** Longer than the error summary above a form. */
const SUMMARY_LENGTH = 2_500;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The address of a form's page: a lock is reviewed on a page of its own. */
function pageOf({ deployment, people }: Environment, name: FormName): string {
  const review = name === "vault_lock" ? `/lock?until=${dayAfter(LOCK_DAYS_MIN)}` : "";
  return `${deployment.url}/wallet/vaults/${people.saver.vaultId}${review}`;
}

/** A day such as `2027-01-31`. */
function dayAfter(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Loads the forms before the operations begin: later the vault may be locked or the wallet empty, and then they are
 * missing. An empty vault has no form to take money out.
 */
export async function loadVaultForms(env: Environment): Promise<void> {
  for (const name of Object.keys(FORMS) as FormName[]) {
    const { answer } = await send(pageOf(env, name), { headers: { cookie: env.people.saver.cookie } });
    const form = findForm((await answer?.text()) ?? "", FORMS[name].field);
    if (form) env.forms.set(name, hiddenFields(form));
  }
}

/** The post of a form as a browser without JavaScript makes it. */
export function vaultFormCall(env: Environment, name: FormName, typed: Record<string, string>): Call {
  const { deployment, people, forms } = env;
  const hidden = forms.get(name);
  invariant(hidden, `a vault's page has the form ${name}`);
  const fields = [...hidden.filter(([field]) => !(field in typed)), ...Object.entries(typed)];
  const headers = { cookie: people.saver.cookie, origin: deployment.url };
  return {
    name: `the form ${name}`,
    classify: (answer) => classifyForm(name, answer),
    send: (_attempt, withinMs) => {
      const body = new FormData();
      for (const [field, value] of fields) body.append(field, value);
      return send(pageOf(env, name), { method: "POST", headers, body }, withinMs);
    },
  };
}

/** A redirect is a success; a page shows why the form was refused. */
async function classifyForm(name: FormName, answer: Response): Promise<Verdict> {
  const { done, refusals } = FORMS[name];
  const location = answer.headers.get("location") ?? "";
  const seen = /[?&]done=([a-z]+)/.exec(location)?.[1];
  if (answer.status === 303 && (seen === done || seen === "again"))
    return { kind: "ok", body: null, replayed: seen === "again" };
  // The review has no form for a date that isn't later than the lock: it leads back.
  if (name === "vault_lock" && answer.status === 303 && seen === undefined)
    return { kind: "fail", code: "date_closer" };
  const html = await answer.text();
  const at = html.indexOf('id="errors"');
  const summary = at === -1 ? "" : html.slice(at, at + SUMMARY_LENGTH);
  // A message is known by what stands before its first value.
  const isShown = (message: string) => summary.includes(message.split("{")[0] ?? message);
  const code = refusals.find((each) => MESSAGES[each]?.some(isShown));
  if (answer.status === 200 && code !== undefined) return { kind: "fail", code };
  return {
    kind: "unexplained",
    why: `status ${answer.status} to ${location || "a page without its reason"}`,
  };
}

/** Locks the vault for some days, counted from today. */
export async function lockVault(env: Environment, days: number): Promise<void> {
  const { historyLog } = env;
  const call = vaultFormCall(env, "vault_lock", { lockedUntil: dayAfter(days) });
  const outcome = await callUntilDefinite(historyLog, call);
  if (outcome.kind === "ok") historyLog.lockedAt = Math.min(historyLog.lockedAt, outcome.endedAt);
}
