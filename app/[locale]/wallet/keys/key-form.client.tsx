"use client";

import { KeptFormFields } from "@/lib/ui/action-form.client";
import { CheckCards, type CheckChoice } from "@/lib/ui/check-cards";
import { type Choice, ChoiceCards } from "@/lib/ui/choice-cards";
import { CopiedField } from "@/lib/ui/copied-field.client";
import { FailureSummary } from "@/lib/ui/failure-summary";
import { Field } from "@/lib/ui/field";
import { type FormFailure, issueOf } from "@/lib/ui/form-state";
import { Notice } from "@/lib/ui/notice";
import { PinField } from "@/lib/ui/pin-field";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { useFormAction } from "@/lib/ui/use-form-action";
import { createKey, renewKey } from "./actions";

interface KeyFormProps {
  /** The expired key that a new one replaces; without it the key gets a name and permissions. */
  renewedKeyId?: string;
  /** The idempotency key of a key that is created; one that is renewed has a single successor anyway. */
  formKey?: string;
  permissions: readonly Omit<CheckChoice, "checked">[];
  expiries: readonly Choice[];
  /** Null where the person has no PIN: then no key that sends or withdraws can be made. */
  pin: { label: string; hint: string } | null;
  back: string;
  words: Record<
    | "name"
    | "nameHint"
    | "permissions"
    | "expiry"
    | "submit"
    | "pending"
    | "done"
    | "once"
    | "knownHeading"
    | "known"
    | "knownBack"
    | "key"
    | "copy"
    | "copied",
    string
  > & { examples: string; examplesHint: string; back: string };
}

/** The form for a new key; once it is created, the key in its place, shown once. */
export function KeyForm(props: KeyFormProps) {
  const [name, action] =
    props.renewedKeyId === undefined
      ? (["create-api-key", createKey] as const)
      : (["renew-api-key", renewKey] as const);
  const { state, form, contentKey } = useFormAction<{ ok: true } & Shown>(name, action);
  if (state?.ok) return <ShownKey {...props} shown={state} />;
  return (
    <form {...form}>
      <KeptFormFields name={name} />
      <Fields key={contentKey} {...props} failure={state} />
    </form>
  );
}

function Fields({
  failure,
  renewedKeyId,
  formKey,
  words,
  ...props
}: KeyFormProps & { failure: FormFailure | null }) {
  const typed = failure?.values ?? {};
  return (
    <>
      <FailureSummary failure={failure} fields={["name", "permissions", "expiry", "pin"]} />
      {formKey && (
        <input type="hidden" name="key" value={failure?.formKey ?? (failure?.requestId || formKey)} />
      )}
      {renewedKeyId === undefined ? (
        <>
          <Field
            name="name"
            label={words.name}
            hint={words.nameHint}
            error={issueOf(failure, "name")}
            defaultValue={typed.name ?? ""}
            maxLength={80}
            autoComplete="off"
            required
          />
          <CheckCards
            id="permissions"
            label={words.permissions}
            error={issueOf(failure, "permissions")}
            choices={props.permissions.map((each) => ({ ...each, checked: typed[each.name] === "on" }))}
          />
        </>
      ) : (
        <input type="hidden" name="keyId" value={renewedKeyId} />
      )}
      <ChoiceCards
        name="expiry"
        label={words.expiry}
        error={issueOf(failure, "expiry")}
        choices={props.expiries}
        selected={typed.expiry ?? "1M"}
        sideBySide
      />
      {props.pin && <PinField {...props.pin} name="pin" error={issueOf(failure, "pin")} required={false} />}
      <SubmitButton wide pendingLabel={words.pending}>
        {words.submit}
      </SubmitButton>
    </>
  );
}

interface Shown {
  apiKey: string | null;
  expires: string;
  examples: { title: string; command: string }[];
}

function ShownKey({ shown, words, back }: KeyFormProps & { shown: Shown }) {
  if (shown.apiKey === null) {
    return (
      <>
        <Notice title={words.knownHeading} live>
          {words.known} {shown.expires}.
        </Notice>
        <BackLink href={back}>{words.knownBack}</BackLink>
      </>
    );
  }
  return (
    <>
      <Notice tone="good" title={words.done} live>
        {words.once} {shown.expires}.
      </Notice>
      <CopiedField id="apiKey" label={words.key} text={shown.apiKey} words={words} />
      {shown.examples.length > 0 && (
        <section>
          <h2 className="text-lg font-bold">{words.examples}</h2>
          <p className="mt-1 text-sm text-muted">{words.examplesHint}</p>
          {shown.examples.map(({ title, command }) => (
            <div key={title}>
              <h3 className="mt-4 mb-1.5 font-semibold">{title}</h3>
              <pre className="rounded-field border border-line bg-card px-3.5 py-2.5 text-sm whitespace-pre-wrap">
                {command}
              </pre>
            </div>
          ))}
        </section>
      )}
      <BackLink href={back}>{words.back}</BackLink>
    </>
  );
}

function BackLink({ href, children }: { href: string; children: string }) {
  return (
    <a href={href} className="mt-5 inline-flex min-h-11 items-center text-link underline underline-offset-4">
      {children}
    </a>
  );
}
