import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { isLocale, type Locale } from "@/lib/i18n/routing";
import { formatAmount, formatMoney } from "@/lib/money/format-money";
import { money } from "@/lib/money/money";
import { linkPreview } from "@/lib/next/link-preview";
import { BalanceCard } from "@/lib/ui/balance-card";
import { ButtonLink } from "@/lib/ui/button";
import { Icon, type IconName } from "@/lib/ui/icons";
import { MethodMark } from "@/lib/ui/method-mark";
import { HeaderLink, PageShell } from "@/lib/ui/page-shell";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../missing-page";

const PROMISES = [
  ["topup", "top-up"],
  ["withdraw", "withdraw"],
  ["trace", "list"],
  ["light", "phone"],
] as const satisfies readonly (readonly [string, IconName])[];

const METHODS = ["wave", "orange_money", "moov_money", "mtn_money"] as const;

interface LandingPageProps {
  params: Promise<{ locale: string }>;
}

export async function generateMetadata({ params }: LandingPageProps): Promise<Metadata> {
  const [t, site] = await Promise.all([getTranslations("titles"), getTranslations("site")]);
  if (!isLocale((await params).locale)) return { title: t("notFound") };
  const title = t("landing");
  return { ...(await linkPreview(title, site("description"))), title: { absolute: title } };
}

export default async function LandingPage({ params }: LandingPageProps) {
  const { locale } = await params;
  // A missing file such as /humans.txt is routed here with its name as the locale.
  if (!isLocale(locale)) return missingPage();
  const t = await getTranslations("landing");
  return (
    <PageShell
      area="site"
      headerEnd={<HeaderLink href={localizedPath(locale, "/sign-in")}>{t("signIn")}</HeaderLink>}
    >
      <div className="desk:grid desk:grid-cols-[minmax(0,1fr)_26rem] desk:items-center desk:gap-x-12 desk:py-6">
        <div>
          <h1 className="mt-4 text-4xl font-extrabold tracking-tight sm:mt-8 sm:text-5xl">{t("heading")}</h1>
          <p className="mt-4 text-lg text-muted">{t("lead")}</p>
          <div className="mt-6 flex flex-col gap-2.5 sm:flex-row">
            <ButtonLink href={localizedPath(locale, "/sign-up")}>{t("signUp")}</ButtonLink>
            <ButtonLink href={localizedPath(locale, "/sign-in")} variant="secondary">
              {t("signIn")}
            </ButtonLink>
          </div>
        </div>
        <Example locale={locale} />
      </div>
      <Section heading={t("promisesHeading")}>
        <Promises />
      </Section>
      <Section heading={t("methodsHeading")}>
        <Methods />
      </Section>
      <Section heading={t("openHeading")}>
        <p className="mt-2 max-w-168 text-muted">{t("openText")}</p>
        <a
          href="/api/docs"
          hrefLang="en"
          className="mt-1 inline-flex min-h-11 items-center text-link underline underline-offset-4"
        >
          {t("apiDocs")}
        </a>
      </Section>
    </PageShell>
  );
}

/** An example of the overview's balance card, labelled as an example. */
async function Example({ locale }: { locale: Locale }) {
  const [t, words] = await Promise.all([getTranslations("landing"), getTranslations("overview")]);
  const written = (francs: bigint) => formatMoney(money(francs, "XOF"), locale);
  return (
    <figure className="mt-8">
      <BalanceCard
        label={words("available")}
        amount={formatAmount(money(128_450n, "XOF"), locale)}
        hiddenLabel={words("hidden")}
        details={[{ label: words("reserved"), value: written(2_000n) }]}
      />
      <figcaption className="mt-1.5 text-sm text-muted">{t("exampleLabel")}</figcaption>
    </figure>
  );
}

async function Promises() {
  const t = await getTranslations("landing.promises");
  return (
    <ul className="mt-3 grid gap-2.5 sm:grid-cols-2 desk:grid-cols-4">
      {PROMISES.map(([key, icon]) => (
        <li key={key} className="flex gap-3.5 rounded-card border border-line bg-card p-4">
          <span className="grid size-10 shrink-0 place-items-center rounded-field bg-tint">
            <Icon name={icon} />
          </span>
          <div>
            <h3 className="font-bold desk:mt-0.5">{t(`${key}.title`)}</h3>
            <p className="mt-0.5 text-sm text-muted">{t(`${key}.text`)}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

async function Methods() {
  const [t, names] = await Promise.all([getTranslations("landing"), getTranslations("methods")]);
  return (
    <>
      <ul className="mt-3 grid grid-cols-[repeat(auto-fit,minmax(min(100%,9.5rem),1fr))] gap-2.5">
        {METHODS.map((method) => (
          <li
            key={method}
            className="flex items-center gap-2.5 rounded-card border border-line bg-card p-3 text-sm font-semibold"
          >
            <MethodMark method={method} />
            {names(method)}
          </li>
        ))}
      </ul>
      <p className="mt-2 text-sm text-muted">{t("methodsText")}</p>
    </>
  );
}
