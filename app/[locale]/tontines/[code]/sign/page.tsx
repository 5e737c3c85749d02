import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import { requireUserOrRedirect } from "@/lib/next/session";
import { getAgreement } from "@/lib/services/tontines/views/get-agreement";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { PinEntry } from "../../../wallet/pin-confirmation";
import { signTontine } from "../../actions";
import { Agreement } from "../../agreement";
import { TontinePage } from "../../tontine-page";

interface SignPageProps {
  params: Promise<{ code: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineSign") };
}

/** What a member signs, with the PIN at its end. */
export default safePage(async function SignPage({ params }: SignPageProps) {
  const [{ code }, locale] = await Promise.all([params, getLocale()]);
  await requireUserOrRedirect(locale);
  const agreement = await nullIfNotFound(getAgreement(await currentContext(), code));
  if (!agreement) return missingPage();
  if (agreement.viewer !== "invited") redirect(localizedPath(locale, `/tontines/${agreement.code}`));
  const t = await getTranslations("tontines.sign");
  return (
    <TontinePage tontine={agreement} width="form" hasBar={false} title={t("heading")} lead={t("lead")}>
      <Agreement agreement={agreement} />
      <div className="mt-7">
        <PinEntry
          name="sign-tontine"
          action={signTontine}
          hidden={{ code: agreement.code, hash: agreement.rules.hash }}
          path={`/tontines/${agreement.code}/sign`}
          submit={t("submit")}
        />
      </div>
    </TontinePage>
  );
});
