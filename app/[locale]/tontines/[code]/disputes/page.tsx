import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import {
  type DisputeChoice,
  type DisputeList,
  listDisputes,
} from "@/lib/services/tontines/views/list-disputes";
import { isolate } from "@/lib/ui/bidi-text";
import { Disclosure } from "@/lib/ui/disclosure";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../missing-page";
import { nullIfNotFound } from "../../../null-if-not-found";
import { safePage } from "../../../safe-page";
import { formWords } from "../../../wallet/vaults/field-words";
import { objectTo } from "../../dispute-actions";
import { TontinePage } from "../../tontine-page";
import { DisputeCard } from "./dispute-card";
import { DisputeDone } from "./dispute-done";

const REASON_LENGTH_MAX = 280;

interface DisputesPageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineDisputes") };
}

/** What members object to: reasons, answers, rulings; and the form of a new one. */
export default safePage(async function DisputesPage({ params, searchParams }: DisputesPageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const list = await nullIfNotFound(listDisputes(await currentContext(), code));
  if (!list) return missingPage();
  const t = await getTranslations("tontineDisputes");
  const ruling = query.ruling === "granted" || query.ruling === "upheld" ? query.ruling : null;
  const chosen = list.choices.find(({ about, id }) => about === query.about && id === query.id);
  return (
    <TontinePage tontine={list} width="text" title={t("heading")} lead={t("lead")}>
      <DisputeDone done={query.done} />
      {chosen ? (
        <Section heading={await titleOf(chosen)}>
          <ReasonForm code={list.code} choice={chosen} />
        </Section>
      ) : (
        <Choices list={list} />
      )}
      <Section heading={t("listed")}>
        {list.disputes.length === 0 && <p className="mt-2 text-muted">{t("none")}</p>}
        <div className="mt-3 space-y-4">
          {list.disputes.map((dispute) => (
            <DisputeCard
              key={dispute.id}
              code={list.code}
              zone={list.zone}
              dispute={dispute}
              ruling={query.dispute === dispute.id ? ruling : null}
            />
          ))}
        </div>
      </Section>
    </TontinePage>
  );
});

async function titleOf({ about, turn, amount, name }: DisputeChoice): Promise<string> {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineDisputes")]);
  const parts = [
    t(`about.${about}`, { turn }),
    ...(amount ? [formatMoney(amount, locale)] : []),
    ...(name ? [isolate(name)] : []),
  ];
  return parts.join(" · ");
}

async function Choices({ list }: { list: DisputeList }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineDisputes")]);
  if (list.choices.length === 0) return null;
  const path = localizedPath(locale, `/tontines/${list.code}/disputes`);
  const rows = await Promise.all(
    list.choices.map(async (choice) => ({ ...choice, title: await titleOf(choice) })),
  );
  return (
    <Disclosure summary={t("new")}>
      <ul className="divide-y divide-line">
        {rows.map(({ about, id, title }) => (
          <li key={`${about} ${id}`}>
            <a
              href={`${path}?${new URLSearchParams({ about, id })}`}
              className="flex min-h-11 items-center py-2 underline underline-offset-4"
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}

async function ReasonForm({ code, choice }: { code: string; choice: DisputeChoice }) {
  const t = await getTranslations("tontineDisputes");
  return (
    <FieldsForm
      id="dispute"
      name="open-dispute"
      action={objectTo}
      hidden={{ code, about: choice.about, id: choice.id }}
      fields={[{ name: "reason", label: t("reason"), hint: t("textHint"), maxLength: REASON_LENGTH_MAX }]}
      note={<p className="mb-3 text-sm text-muted">{t(`follows.${choice.about}`)}</p>}
      words={await formWords(t("submit"))}
    />
  );
}
