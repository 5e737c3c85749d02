import { unstable_isUnrecognizedActionError, unstable_rethrow } from "next/navigation";
import { type SyntheticEvent, useActionState, useRef } from "react";
import { useFormMemory } from "./form-memory.client";
import type { FormFailure, FormState } from "./form-state";
import { lostWords } from "./lost-words";

type Action<Result> = (previous: Result | FormState, form: FormData) => Promise<Result | FormState>;

export interface FormInUse<Result> {
  state: Result | FormState;
  /** The attributes of the `<form>`. */
  form: { action: (form: FormData) => void; onReset: (event: SyntheticEvent) => void; noValidate: true };
  /** Changes when the form's content has to be mounted anew, with the values of a failure. */
  contentKey: string;
}

/**
 * A form's action and its state. On the server, and so without JavaScript, it is the action itself. In a browser an action that
 * gets no answer leaves the form as it is, with what was typed and its idempotency key, so that it can be sent again; and a form
 * whose action the server doesn't have any more is loaded again, filled in.
 */
export function useFormAction<Result = never>(name: string, action: Action<Result>): FormInUse<Result> {
  const { kept } = useFormMemory();
  const isLost = useRef(false);
  async function send(previous: Result | FormState, form: FormData): Promise<Result | FormState> {
    isLost.current = false;
    try {
      return await action(null, form);
    } catch (error) {
      unstable_rethrow(error);
      if (unstable_isUnrecognizedActionError(error)) return await loadAgain();
      isLost.current = true;
      return lostForm(previous as FormState, form);
    }
  }
  const [state, submit] = useActionState<Result | FormState, FormData>(
    typeof window === "undefined" ? action : send,
    kept?.form === name ? keptFailure(kept.message, kept.values) : null,
  );
  return {
    state,
    form: {
      action: submit,
      noValidate: true,
      // React resets a form after its action, also one that has reached nobody.
      onReset: (event) => isLost.current && event.preventDefault(),
    },
    contentKey: (state as FormState)?.requestId ?? "",
  };
}

function keptFailure(message: string, values: Record<string, string>): FormFailure {
  return { ok: false, code: "kept", message, issues: [], values, requestId: "", ...formKeyOf(values.key) };
}

/** The state of a form that was sent and not answered: its content isn't mounted anew, so all fields stay. */
function lostForm(previous: FormState, form: FormData): FormFailure {
  const key = form.get("key");
  return {
    ok: false,
    code: "lost",
    message: lostWords(),
    issues: [],
    values: previous?.values ?? {},
    requestId: previous?.requestId ?? "",
    ...formKeyOf(typeof key === "string" ? key : undefined),
  };
}

function formKeyOf(key: string | undefined): Pick<FormFailure, "formKey"> {
  return key === undefined ? {} : { formKey: key };
}

/** The server has kept what was typed; a reload of a page that answered a post would post again. */
function loadAgain(): Promise<never> {
  window.location.replace(window.location.pathname + window.location.search);
  return new Promise(() => {});
}
