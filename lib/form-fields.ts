/** Hidden fields of every form that keeps what was typed: the name of its action, and whose page it stands on. */
export const FORM_NAME_FIELD = "form_name";
export const FORM_OWNER_FIELD = "form_owner";

/** The button of a form that fills in its amount, without JavaScript by a post that runs nothing. */
export const QUICK_AMOUNT_FIELD = "quick_amount";

const SECRET_FIELD = /password|passkey|pin|secret|token|otp|^code$/i;
const KEPT_LENGTH_MAX = 500;
const KEPT_FIELDS_MAX = 60;

const OWN_FIELDS: ReadonlySet<string> = new Set([FORM_NAME_FIELD, FORM_OWNER_FIELD, QUICK_AMOUNT_FIELD]);

/** What may be kept of typed fields, to fill the form again: never a password or PIN, and none of the fields above. */
export function keptFields(entries: Iterable<[name: string, value: string]>): Record<string, string> {
  const kept = [...entries]
    .filter(([name]) => !SECRET_FIELD.test(name) && !OWN_FIELDS.has(name))
    .slice(0, KEPT_FIELDS_MAX)
    .map(([name, value]): [string, string] => [name, value.slice(0, KEPT_LENGTH_MAX)]);
  return Object.fromEntries(kept);
}
