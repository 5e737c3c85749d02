import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { withNext } from "@/lib/next/next-path";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { hasPasskeys } from "@/lib/services/identity/passkeys/list-passkeys";
import { getPinStatus } from "@/lib/services/identity/pin/get-pin-status";
import { ButtonLink } from "@/lib/ui/button";
import type { FormAction } from "@/lib/ui/form-state";
import { Notice } from "@/lib/ui/notice";
import { PasskeyForm } from "@/lib/ui/passkey-form.client";
import { PinForm } from "@/lib/ui/pin-form.client";
import { startPasskeyConfirmation } from "./passkey-actions";

interface PinEntryProps {
  action: FormAction;
  /** The action's name. */
  name: string;
  /** What is confirmed. */
  hidden: Readonly<Record<string, string>>;
  formKey?: string;
  /** The page's path without language, to come back to after choosing a PIN. */
  path: string;
  submit: string;
}

interface PinConfirmationProps extends Omit<PinEntryProps, "hidden" | "formKey"> {
  quoteId: string;
}

/** The end of a review: a passkey where the person has one, or the PIN and the button; a link, where the PIN isn't set or is locked. */
export async function PinConfirmation(props: PinConfirmationProps) {
  return (
    <>
      <PasskeyConfirmation {...props} />
      <PinEntry {...props} hidden={{ quoteId: props.quoteId }} />
    </>
  );
}

async function PasskeyConfirmation({ action, name, quoteId }: PinConfirmationProps) {
  if (!(await hasPasskeys(await currentContext()))) return null;
  const [t, form] = await Promise.all([getTranslations("passkeys"), getTranslations("form")]);
  return (
    <div className="mb-5">
      <PasskeyForm
        name={`${name}-passkey`}
        passkey={{ kind: "get", start: startPasskeyConfirmation }}
        finish={action}
        hidden={{ quoteId }}
        words={{ submit: t("confirm"), pending: form("pending"), cancelled: t("cancelled") }}
      />
    </div>
  );
}

/** The PIN and the button; a link, where the PIN isn't set or is locked. */
export async function PinEntry({ path, ...form }: PinEntryProps) {
  const [t, words] = await Promise.all([getTranslations("pin"), getTranslations("form")]);
  return (
    <PinGate path={path}>
      <PinForm {...form} pin={{ label: t("label"), hint: t("hint") }} pending={words("pending")} />
    </PinGate>
  );
}

interface PinGateProps {
  /** The page's path without language, to come back to after choosing a PIN. */
  path: string;
  /** A form that asks for the PIN. */
  children: ReactNode;
}

/** A form that asks for the PIN, or where the PIN isn't set or is locked the way to one. */
export async function PinGate({ path, children }: PinGateProps) {
  const [locale, t, status] = await Promise.all([
    getLocale(),
    getTranslations("pin"),
    getPinStatus(await currentContext()),
  ]);
  const pinPath = localizedPath(locale, "/wallet/settings/pin");
  const forgotPath = `${withNext(pinPath, path)}&forgot=1`;
  if (!status.isSet) {
    return (
      <>
        <Notice>{t(status.needsReset ? "needsReset" : "needed")}</Notice>
        <ButtonLink wide href={withNext(pinPath, path)}>
          {t("heading")}
        </ButtonLink>
      </>
    );
  }
  if (status.lockedUntil) return <LockedPin until={status.lockedUntil} forgotPath={forgotPath} />;
  return (
    <>
      {children}
      <ForgotLink href={forgotPath} label={t("forgot")} />
    </>
  );
}

/** When the PIN is unlocked, and a link to replace it with the account's password. */
export async function LockedPin({ until, forgotPath }: { until: Date; forgotPath: string }) {
  const [locale, t, zone] = await Promise.all([getLocale(), getTranslations("pin"), viewerTimeZone()]);
  return (
    <>
      <Notice tone="bad">{t("locked", { until: formatDateTime(until, locale, zone) })}</Notice>
      <ForgotLink href={forgotPath} label={t("forgot")} />
    </>
  );
}

export function ForgotLink({ href, label }: { href: string; label: string }) {
  return (
    <p className="mt-2 text-center">
      <a href={href} className="inline-flex min-h-11 items-center underline underline-offset-4">
        {label}
      </a>
    </p>
  );
}
