import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { ButtonLink } from "@/lib/ui/button";
import { CowrieMark } from "@/lib/ui/cowrie-mark";
import { PageShell } from "@/lib/ui/page-shell";

/** The whole 404 page. */
export async function NotFoundView() {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("notFound")]);
  return (
    <PageShell area="site" width="form">
      <div className="pt-10 text-center">
        <CowrieMark className="mx-auto h-20 w-18 rotate-12" />
        <h1 className="mt-6 text-2xl font-bold tracking-tight">{t("heading")}</h1>
        <p className="mt-2 text-muted">{t("text")}</p>
        <div className="mt-7 flex flex-col gap-2.5">
          <ButtonLink href={localizedPath(locale, "/wallet")}>{t("wallet")}</ButtonLink>
          <ButtonLink href={localizedPath(locale, "/")} variant="secondary">
            {t("home")}
          </ButtonLink>
        </div>
      </div>
    </PageShell>
  );
}
