import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import { type DecisionDetails, getDecision } from "@/lib/services/tontines/views/list-decisions";
import { ButtonLink } from "@/lib/ui/button";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Notice } from "@/lib/ui/notice";
import { type ReceiptRow, ReceiptRows } from "@/lib/ui/receipt-rows";
import { Section } from "@/lib/ui/section";
import { missingPage } from "../../../../missing-page";
import { nullIfNotFound } from "../../../../null-if-not-found";
import { safePage } from "../../../../safe-page";
import { PinEntry } from "../../../../wallet/pin-confirmation";
import { formWords } from "../../../../wallet/vaults/field-words";
import { takeBack, voteOn } from "../../../decision-actions";
import { TontinePage } from "../../../tontine-page";
import { DecisionDone } from "../decision-done";
import { Consequences, questionOf } from "../decision-text";

interface DecisionPageProps {
  params: Promise<{ code: string; decisionId: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineDecision") };
}

/** One decision: what it asks and means in figures, who may vote until when, my vote with the PIN; afterwards who voted what. */
export default safePage(async function DecisionPage({ params, searchParams }: DecisionPageProps) {
  const [{ code, decisionId }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const found = await nullIfNotFound(getDecision(await currentContext(), { code, decisionId }));
  if (!found) return missingPage();
  const t = await getTranslations("tontineDecisions");
  const { decision } = found;
  const choice = query.choice === "yes" || query.choice === "no" ? query.choice : null;
  return (
    <TontinePage
      tontine={found}
      width="form"
      hasBar={!(decision.isAwaited && choice)}
      title={await questionOf(decision)}
    >
      <DecisionDone done={query.done} />
      <h2 className="font-semibold">{t("means")}</h2>
      <Consequences consequences={decision.consequences} />
      <div className="mt-4">
        <ReceiptRows rows={await rowsOf(found)} />
      </div>
      <div className="mt-5">
        <MyVote found={found} choice={choice} />
      </div>
      {decision.votes.length > 0 && <Votes found={found} />}
      <p className="mt-5">
        <ButtonLink
          wide
          variant="secondary"
          href={localizedPath(locale, `/tontines/${found.code}/decisions`)}
        >
          {t("toList")}
        </ButtonLink>
      </p>
    </TontinePage>
  );
});

async function rowsOf({ decision, zone }: DecisionDetails): Promise<ReceiptRow[]> {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineDecisions")]);
  const { state, needed, voters, voted, openedBy, closesAt, takesEffectAt, decidedAt, openedAt } = decision;
  const at = (time: Date) => formatDateTime(time, locale, zone);
  const isLater = takesEffectAt !== null && takesEffectAt > openedAt;
  return [
    { label: t("state"), value: t(`states.${state}`), strong: true },
    { label: t("whoVotes"), value: t("needed", { needed, voters }) },
    { label: t("soFar"), value: t("voted", { voted }) },
    { label: t("deadline"), value: at(closesAt) },
    ...(isLater ? [{ label: t("effect"), value: at(takesEffectAt) }] : []),
    ...(decidedAt ? [{ label: t("decidedOn"), value: at(decidedAt) }] : []),
    { label: t("openedBy"), value: <bdi>{openedBy}</bdi> },
  ];
}

/** Yes or no first, as links; then the PIN. */
async function MyVote({ found, choice }: { found: DecisionDetails; choice: "yes" | "no" | null }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineDecisions")]);
  const { decision, code } = found;
  const path = `/tontines/${code}/decisions/${decision.id}`;
  const hidden = { code, decisionId: decision.id };
  if (decision.isAwaited && choice) {
    return (
      <>
        <Notice>{t(choice === "yes" ? "sayingYes" : "sayingNo")}</Notice>
        <PinEntry
          name="cast-vote"
          action={voteOn}
          hidden={{ ...hidden, choice, hash: decision.hash }}
          path={`${path}?choice=${choice}`}
          submit={t(choice === "yes" ? "submitYes" : "submitNo")}
        />
        <p className="mt-3 text-center">
          <a
            href={localizedPath(locale, path)}
            className="inline-flex min-h-11 items-center underline underline-offset-4"
          >
            {t("otherChoice")}
          </a>
        </p>
      </>
    );
  }
  return (
    <>
      {decision.isAwaited && (
        <div className="grid grid-cols-2 gap-3">
          {(["yes", "no"] as const).map((each) => (
            <ButtonLink
              key={each}
              wide
              variant={each === "yes" ? "primary" : "secondary"}
              href={`${localizedPath(locale, path)}?choice=${each}`}
            >
              {t(each)}
            </ButtonLink>
          ))}
        </div>
      )}
      {decision.myVote && <Notice tone="good">{t(decision.myVote === "yes" ? "saidYes" : "saidNo")}</Notice>}
      {decision.isAboutMe && decision.state === "open" && <Notice>{t("aboutYou")}</Notice>}
      {decision.mayWithdraw && (
        <FieldsForm
          id="withdraw"
          name="withdraw-decision"
          action={takeBack}
          hidden={hidden}
          fields={[]}
          variant="secondary"
          words={await formWords(t("withdraw"))}
        />
      )}
    </>
  );
}

async function Votes({ found }: { found: DecisionDetails }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineDecisions")]);
  return (
    <Section heading={t("votes")}>
      <ul className="mt-2 divide-y divide-line rounded-card border border-line bg-card px-5">
        {found.decision.votes.map(({ memberId, name, choice, at }) => (
          <li key={memberId} className="flex flex-wrap justify-between gap-x-4 py-3">
            <bdi className="min-w-0 font-semibold">{name}</bdi>
            <span>
              {t(choice)}{" "}
              <span className="text-sm text-muted">· {formatDateTime(at, locale, found.zone)}</span>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
