import { findForm, hiddenFields } from "@/e2e/support/html";
import french from "@/lib/i18n/messages/fr.json";
import { invariant } from "@/lib/invariant";
import type { FormPost, Outcome } from "../crashes/client";
import type { Environment, FormName } from "./environment";

/** Of each form: a field that only it has, and what its success is called in the address. */
const FORMS = {
  vault_deposit: { field: "put-amount", done: "put" },
  vault_withdrawal: { field: "take-amount", done: "take" },
} as const satisfies Record<FormName, object>;

/** How a form is refused for insufficient funds. */
const TOO_LITTLE = [french.errors.insufficient_funds, french.fields.vault_too_little];
/** Longer than the error summary above a form. */
const SUMMARY_LENGTH = 2_500;
const TIMEOUT_MS = 60_000;

const pageOf = ({ deployment, people }: Environment) =>
  `${deployment.url}/wallet/vaults/${people.saver.vaultId}`;

/** Loads the forms before the operations begin: later the vault or the wallet may be empty, and then they are missing. */
export async function loadVaultForms(env: Environment): Promise<void> {
  const response = await fetch(pageOf(env), { headers: { cookie: env.people.saver.cookie } });
  const html = await response.text();
  for (const name of Object.keys(FORMS) as FormName[]) {
    const form = findForm(html, FORMS[name].field);
    invariant(form, `a vault's page has the form ${name}`);
    env.forms.set(name, hiddenFields(form));
  }
}

/** The post of a form as a browser without JavaScript makes it. */
export function vaultForm(env: Environment, name: FormName, typed: Record<string, string>): FormPost {
  const { deployment, people, forms } = env;
  const hidden = forms.get(name) ?? [];
  const fields = [...hidden.filter(([field]) => !(field in typed)), ...Object.entries(typed)];
  const headers = { cookie: people.saver.cookie, origin: deployment.url };
  return {
    path: `the form ${name}`,
    key: typed.key ?? "",
    post: async (withinMs = TIMEOUT_MS) => {
      const body = new FormData();
      for (const [field, value] of fields) body.append(field, value);
      const signal = AbortSignal.timeout(withinMs);
      const init = { method: "POST", headers, body, redirect: "manual", signal } as const;
      return await fetch(pageOf(env), init).then(
        (response) => outcomeOf(name, response),
        () => ({ status: 0, code: "outcome_unknown", body: {}, isReplayed: false, lost: "fresh" }),
      );
    },
  };
}

/** A redirect is a success; a page shows why the form was refused. */
async function outcomeOf(name: FormName, response: Response): Promise<Outcome> {
  const { status, headers } = response;
  const outcome = { status, code: "unexplained", body: {}, isReplayed: false, lost: null };
  const seen = /[?&]done=([a-z]+)/.exec(headers.get("location") ?? "")?.[1];
  if (status === 303 && (seen === FORMS[name].done || seen === "again"))
    return { ...outcome, code: null, isReplayed: seen === "again" };
  const html = await response.text();
  const at = html.indexOf('id="errors"');
  const summary = at === -1 ? "" : html.slice(at, at + SUMMARY_LENGTH);
  // A message is known by what stands before its first value.
  const isShort = TOO_LITTLE.some((message) => summary.includes(message.split("{")[0] ?? message));
  return status === 200 && isShort ? { ...outcome, code: "insufficient_funds" } : outcome;
}
