import { getTranslations } from "next-intl/server";
import { currentContext } from "@/lib/next/current-context";
import { formatPhone } from "@/lib/phone";
import { getPinRecovery } from "@/lib/services/identity/pin/get-pin-status";
import { currentResetHours, listPinCodeContacts } from "@/lib/services/identity/pin/resets/get-pin-reset";
import { ActionForm } from "@/lib/ui/action-form.client";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import type { FormField } from "@/lib/ui/typed-field";
import { SignInAgain } from "../sign-in-again";
import { resetPin, sendCode } from "./actions";

interface ForgottenPinProps {
  /** Of the code that was sent; empty before. */
  challengeId: string;
  /** `phone` or `email`. */
  sentTo: string;
}

/** A new PIN for a forgotten one: first a code, where the account has a verified contact, then the password and the PIN. */
export async function ForgottenPin({ challengeId, sentTo }: ForgottenPinProps) {
  const context = await currentContext();
  const [t, recovery, contacts, hours] = await Promise.all([
    getTranslations("pin"),
    getPinRecovery(context),
    listPinCodeContacts(context),
    currentResetHours(context),
  ]);
  if (recovery === "sign_in_again") return <SignInAgain text={t("signInAgain")} />;
  const hasPassword = recovery === "password";
  if (contacts.length > 0 && challengeId === "") {
    return (
      <>
        <Notice tone="waiting">{t("forgotWait", { hours })}</Notice>
        <SendCode contacts={contacts} />
      </>
    );
  }
  return (
    <>
      <Notice tone="waiting">{t("forgotWait", { hours })}</Notice>
      {contacts.length > 0 && (
        <Notice tone="good" live>
          {t(sentTo === "email" ? "codeSent.email" : "codeSent.phone")}
        </Notice>
      )}
      <ResetForm challengeId={challengeId} asksCode={contacts.length > 0} hasPassword={hasPassword} />
      {contacts.length > 0 && <SendCode contacts={contacts} isAgain />}
    </>
  );
}

interface SendCodeProps {
  contacts: readonly { kind: "phone" | "email"; value: string }[];
  isAgain?: boolean;
}

async function SendCode({ contacts, isAgain = false }: SendCodeProps) {
  const [t, codes, form] = await Promise.all([
    getTranslations("pin"),
    getTranslations("codes"),
    getTranslations("form"),
  ]);
  return (
    <div className={isAgain ? "mt-6 grid gap-3" : "grid gap-3"}>
      {isAgain && <p className="text-muted">{codes("notReceived")}</p>}
      {contacts.map(({ kind, value }, at) => (
        <ActionForm key={kind} name="send-pin-code" action={sendCode} hidden={{ kind }}>
          <SubmitButton
            wide
            variant={isAgain || at > 0 ? "secondary" : "primary"}
            pendingLabel={form("pending")}
          >
            <span className="wrap-anywhere">
              {t(`sendCode.${kind}`, { contact: kind === "phone" ? formatPhone(value) : value })}
            </span>
          </SubmitButton>
        </ActionForm>
      ))}
    </div>
  );
}

interface ResetFormProps {
  challengeId: string;
  asksCode: boolean;
  hasPassword: boolean;
}

async function ResetForm({ challengeId, asksCode, hasPassword }: ResetFormProps) {
  const [t, codes, form] = await Promise.all([
    getTranslations("pin"),
    getTranslations("codes"),
    getTranslations("form"),
  ]);
  const code: FormField = { name: "code", label: codes("code"), hint: codes("hint"), kind: "code" };
  const password: FormField = { name: "password", label: t("password"), kind: "secret" };
  return (
    <FieldsForm
      id="reset"
      name="reset-pin"
      action={resetPin}
      hidden={{ challengeId }}
      fields={[
        ...(asksCode ? [code] : []),
        ...(hasPassword ? [password] : []),
        { name: "pin", label: t("new"), hint: t("newHint"), kind: "pin" },
        { name: "pinAgain", label: t("again"), kind: "pin" },
      ]}
      words={{ submit: t("submit"), pending: form("pending"), amountReasons: {} }}
    />
  );
}
