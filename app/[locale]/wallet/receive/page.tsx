import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { siteUrl } from "@/lib/next/site-url";
import { getProfile, type Profile } from "@/lib/services/identity/users/get-profile";
import { shownName } from "@/lib/services/identity/users/shown-name";
import { ButtonLink } from "@/lib/ui/button";
import { Card } from "@/lib/ui/card";
import { Columns } from "@/lib/ui/columns";
import { CopyButton } from "@/lib/ui/copy-button.client";
import { PageHeading } from "@/lib/ui/page-heading";
import { PageShell } from "@/lib/ui/page-shell";
import { PrintButton } from "@/lib/ui/print-button.client";
import { QrCode } from "@/lib/ui/qr-code";
import { Section } from "@/lib/ui/section";
import { groupWalletNumber } from "@/lib/ui/wallet-number";
import { paymentPath, type ReadLink, readPaymentLink } from "../../payment-link";
import { safePage } from "../../safe-page";
import { ShareLink } from "../../share-link";
import { AmountInCode } from "./amount-in-code";
import { Poster } from "./poster";

interface ReceivePageProps {
  searchParams: Promise<Query>;
}

const PATH = "/wallet/receive";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("receive") };
}

/** The person's number, and the QR code and link of the page that pays it; `?amount=&currency=&note=` goes into both. Prints as a poster. */
export default safePage(async function ReceivePage({ searchParams }: ReceivePageProps) {
  const locale = await getLocale();
  await requireUserOrRedirect(locale);
  const query = await searchParams;
  const [t, shell, profile] = await Promise.all([
    getTranslations("receive"),
    getTranslations("shell"),
    getProfile(await currentContext()),
  ]);
  const link = readPaymentLink(query);
  const url = siteUrl(paymentPath(profile.walletNumber, link));
  return (
    <PageShell>
      <div className="print:hidden">
        <PageHeading
          title={t("heading")}
          lead={t("lead")}
          back={{ href: localizedPath(locale, "/wallet"), label: shell("back") }}
        />
        <Columns side={<More query={query} link={link} path={localizedPath(locale, PATH)} />}>
          <OwnCode profile={profile} link={link} url={url} />
        </Columns>
      </div>
      <Poster
        name={shownName(profile.firstName, profile.lastName)}
        walletNumber={profile.walletNumber}
        link={link}
        url={url}
      />
    </PageShell>
  );
});

interface OwnCodeProps {
  profile: Profile;
  link: ReadLink;
  url: string;
}

async function OwnCode({ profile, link, url }: OwnCodeProps) {
  const [locale, t, site] = await Promise.all([
    getLocale(),
    getTranslations("receive"),
    getTranslations("site"),
  ]);
  const { walletNumber } = profile;
  const amount = link.amount && formatMoney(link.amount, locale);
  const words = { link: url, site: site("name") };
  return (
    <Card className="px-5 py-5 text-center">
      <h2 className="text-sm text-muted">{t("number")}</h2>
      <p className="my-1 text-2xl font-bold wrap-anywhere select-all sm:text-3xl sm:tracking-wide">
        {groupWalletNumber(walletNumber)}
      </p>
      <CopyButton text={walletNumber} words={{ copy: t("copyNumber"), copied: t("copiedNumber") }} />
      <QrCode text={url} label={t("qr")} className="mx-auto mt-5 w-full max-w-72 rounded-field" />
      <p className="mt-3 text-sm text-muted">{t("camera")}</p>
      {amount && <p className="mt-2 font-semibold">{t("proposes", { amount })}</p>}
      {link.note && (
        <p className="mt-1 wrap-anywhere">
          <bdi>{t("saysNote", { note: link.note })}</bdi>
        </p>
      )}
      <ShareLink
        label={t("link")}
        url={url}
        text={amount ? t("shareAmount", { ...words, amount }) : t("shareText", words)}
      />
    </Card>
  );
}

async function More({ query, link, path }: { query: Query; link: ReadLink; path: string }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("receive")]);
  return (
    <>
      <Section heading={t("add")}>
        <p className="mt-1 mb-3 text-muted">{t("addText")}</p>
        <AmountInCode query={query} link={link} path={path} />
      </Section>
      <Section heading={t("ask")}>
        <p className="mt-1 mb-3 text-muted">{t("askText")}</p>
        <div className="grid gap-2.5">
          <ButtonLink variant="secondary" wide href={localizedPath(locale, "/wallet/requests/new")}>
            {t("askAction")}
          </ButtonLink>
          <ButtonLink variant="link" href={localizedPath(locale, "/wallet/requests")}>
            {t("askList")}
          </ButtonLink>
        </div>
      </Section>
      <Section heading={t("print")}>
        <p className="mt-1 mb-3 text-muted">{t("printText")}</p>
        <PrintButton label={t("printNow")} />
      </Section>
    </>
  );
}
