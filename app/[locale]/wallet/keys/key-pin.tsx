import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { withNext } from "@/lib/next/next-path";
import type { PinStatus } from "@/lib/services/identity/pin/get-pin-status";
import { ButtonLink } from "@/lib/ui/button";
import { Notice } from "@/lib/ui/notice";
import { LockedPin } from "../pin-confirmation";

interface KeyPinNoticeProps {
  status: PinStatus;
  /** The form's path without language, to come back to after choosing a PIN. */
  path: string;
}

/** Why a key that sends or withdraws can't be made yet, and the way on; nothing where the form asks for the PIN. */
export async function KeyPinNotice({ status, path }: KeyPinNoticeProps) {
  const [locale, t, pin] = await Promise.all([
    getLocale(),
    getTranslations("keys.pin"),
    getTranslations("pin"),
  ]);
  const pinPath = withNext(localizedPath(locale, "/wallet/settings/pin"), path);
  if (status.isSet) {
    return status.lockedUntil && <LockedPin until={status.lockedUntil} forgotPath={`${pinPath}&forgot=1`} />;
  }
  return (
    <div className="mb-5">
      <Notice>{t(status.needsReset ? "needsReset" : "needed")}</Notice>
      <ButtonLink variant="secondary" wide href={pinPath}>
        {pin("heading")}
      </ButtonLink>
    </div>
  );
}

/** The words of the form's PIN field; null where there is no PIN to type. */
export async function keyPinWords({ isSet }: PinStatus, isAlwaysNeeded: boolean) {
  if (!isSet) return null;
  const [t, pin] = await Promise.all([getTranslations("keys.pin"), getTranslations("pin")]);
  return { label: pin("label"), hint: t(isAlwaysNeeded ? "always" : "forMoney") };
}
