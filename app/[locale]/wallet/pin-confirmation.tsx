import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { withNext } from "@/lib/next/next-path";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import { getPinStatus } from "@/lib/services/identity/pin/get-pin-status";
import { ButtonLink } from "@/lib/ui/button";
import type { FormAction } from "@/lib/ui/form-state";
import { Notice } from "@/lib/ui/notice";
import { PinForm } from "@/lib/ui/pin-form.client";

interface PinConfirmationProps {
  action: FormAction;
  /** The action's name. */
  name: string;
  quoteId: string;
  /** The page's path without language, to come back to after choosing a PIN. */
  path: string;
  submit: string;
}

/** The end of a review: the PIN and the button; or a link, where the PIN isn't set or is locked. */
export async function PinConfirmation({ action, name, quoteId, path, submit }: PinConfirmationProps) {
  const [locale, t, form, status] = await Promise.all([
    getLocale(),
    getTranslations("pin"),
    getTranslations("form"),
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
      <PinForm
        action={action}
        name={name}
        quoteId={quoteId}
        pin={{ label: t("label"), hint: t("hint") }}
        submit={submit}
        pending={form("pending")}
      />
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
