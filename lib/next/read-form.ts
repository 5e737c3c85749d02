import { DomainError } from "@/lib/errors";
import { keptFields } from "@/lib/form-fields";

const FIELDS_MAX = 60;
const FIELD_LENGTH_MAX = 10_000;
const UNKNOWN_FIELD_LENGTH_MAX = 1_000;

/** What React puts into forms so that they work without JavaScript. */
const isReactField = (name: string) => name.startsWith("$ACTION_");

/**
 * A form as text by field name. Throws `malformed_body` for what is no form, files, repeated fields and too many, and
 * `payload_too_large` for a long value, with a lower limit for unknown fields.
 */
export function readForm(form: FormData, knownFields: ReadonlySet<string>): Record<string, string> {
  // React decodes whatever a script sends in the form's place.
  if (!(form instanceof FormData)) throw new DomainError("malformed_body");
  const values = new Map<string, string>();
  for (const [name, value] of form.entries()) {
    if (isReactField(name)) continue;
    if (typeof value !== "string" || values.has(name)) throw new DomainError("malformed_body");
    const lengthMax = knownFields.has(name) ? FIELD_LENGTH_MAX : UNKNOWN_FIELD_LENGTH_MAX;
    if (value.length > lengthMax) throw new DomainError("payload_too_large");
    values.set(name, value);
    if (values.size > FIELDS_MAX) throw new DomainError("malformed_body");
  }
  return Object.fromEntries(values);
}

/** What was typed, to fill the form again: never a password or PIN, and nothing that isn't one of its fields. */
export function keptValues(
  values: Record<string, string>,
  knownFields: ReadonlySet<string>,
): Record<string, string> {
  return keptFields(Object.entries(values).filter(([name]) => knownFields.has(name)));
}
