"use client";

import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import { type ReactNode, useSyncExternalStore } from "react";
import { KeptFormFields } from "./action-form.client";
import { FailureSummary } from "./failure-summary";
import type { FormAction, FormFailure, FormState } from "./form-state";
import { SubmitButton } from "./submit-button.client";
import { useFormAction } from "./use-form-action";

interface Started<Options> {
  ok: true;
  challengeId: string;
  options: Options;
}

type StartAction<Options> = (previous: unknown, form: FormData) => Promise<Started<Options> | FormState>;

type PasskeyKind =
  /** Makes a new passkey. */
  | { kind: "create"; start: StartAction<PublicKeyCredentialCreationOptionsJSON> }
  /** Signs with one. */
  | { kind: "get"; start: StartAction<PublicKeyCredentialRequestOptionsJSON> };

interface PasskeyFormProps {
  /** `start` answers what the device is asked. */
  passkey: PasskeyKind;
  /** Gets the fields and the device's answer as `passkey`. */
  finish: FormAction;
  /** The name of `finish`. */
  name: string;
  fields?: readonly string[];
  hidden?: Readonly<Record<string, string>>;
  words: { submit: string; pending: string; cancelled: string };
  variant?: "primary" | "secondary";
  children?: ReactNode | ((failure: FormState) => ReactNode);
  /** In the form's place without JavaScript, or in a browser that knows no passkeys; nothing when absent. */
  otherwise?: ReactNode;
}

const never = () => () => {};
const isSupported = () => typeof PublicKeyCredential !== "undefined";

/** A form that a passkey confirms, where the browser can do it. */
export function PasskeyForm(props: PasskeyFormProps) {
  const isOffered = useSyncExternalStore(never, isSupported, () => false);
  return isOffered ? <OfferedForm {...props} /> : props.otherwise;
}

function OfferedForm(props: PasskeyFormProps) {
  const { passkey, finish, name, fields = [], hidden = {}, words, variant = "secondary", children } = props;
  const send: FormAction = async (_previous, form) => {
    const started = await passkey.start(null, form);
    if (!started?.ok) return started;
    const response = await askDevice(passkey.kind, started);
    if (response === null) return cancelled(words.cancelled);
    form.set("passkey", JSON.stringify({ challengeId: started.challengeId, response }));
    return await finish(null, form);
  };
  const { state: failure, form, contentKey } = useFormAction(name, send);
  return (
    <form {...form}>
      <KeptFormFields name={name} />
      <div key={contentKey}>
        <FailureSummary failure={failure} fields={fields} />
        {Object.entries(hidden).map(([field, value]) => (
          <input key={field} type="hidden" name={field} value={value} />
        ))}
        {typeof children === "function" ? children(failure) : children}
        <SubmitButton wide variant={variant} pendingLabel={words.pending}>
          {words.submit}
        </SubmitButton>
      </div>
    </form>
  );
}

/** The device's answer; null when the person cancelled, or the device has no such passkey. */
async function askDevice(kind: PasskeyKind["kind"], { options }: Started<object>): Promise<object | null> {
  // Loaded when somebody asks for it: pages stay small.
  const { startAuthentication, startRegistration } = await import("@simplewebauthn/browser");
  try {
    return kind === "create"
      ? await startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON })
      : await startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON });
  } catch {
    return null;
  }
}

function cancelled(message: string): FormFailure {
  return {
    ok: false,
    code: "passkey_refused",
    message,
    issues: [],
    values: {},
    requestId: String(Date.now()),
  };
}
