import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { DomainError } from "@/lib/errors";
import { localizedPath } from "@/lib/i18n/href";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { requireUserOrRedirect } from "@/lib/next/session";
import {
  type DecisionChoices,
  type DecisionPreview,
  getDecisionChoices,
  previewDecision,
} from "@/lib/services/tontines/views/prepare-decision";
import { Notice } from "@/lib/ui/notice";
import { ReceiptRows } from "@/lib/ui/receipt-rows";
import { missingPage } from "../../../../missing-page";
import { nullIfNotFound } from "../../../../null-if-not-found";
import { safePage } from "../../../../safe-page";
import { PinEntry } from "../../../../wallet/pin-confirmation";
import { askGroup } from "../../../decision-actions";
import { TontinePage } from "../../../tontine-page";
import { Consequences, questionOf } from "../decision-text";
import { Choices } from "./choices";
import { type DecisionQuery, decisionQuery, nextField, readDecisionQuery } from "./decision-query";

interface NewDecisionPageProps {
  params: Promise<{ code: string }>;
  searchParams: Promise<Query>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("titles"))("tontineNewDecision") };
}

/** A new decision: what about whom, a question a page; then as members would see it, with the PIN. */
export default safePage(async function NewDecisionPage({ params, searchParams }: NewDecisionPageProps) {
  const [{ code }, query, locale] = await Promise.all([params, searchParams, getLocale()]);
  await requireUserOrRedirect(locale);
  const context = await currentContext();
  const choices = await nullIfNotFound(getDecisionChoices(context, code));
  if (!choices) return missingPage();
  const t = await getTranslations("tontineDecisions");
  const typed = readDecisionQuery(query);
  const isWhole = nextField(typed) === null;
  const preview = isWhole ? await orProblem(previewDecision(context, { code, ...typed })) : null;
  const isShown = preview !== null && "kind" in preview;
  const problem = preview !== null && "problem" in preview ? preview.problem : null;
  const path = localizedPath(locale, `/tontines/${choices.code}/decisions/new`);
  return (
    <TontinePage tontine={choices} width="form" hasBar={!isShown} title={t("newHeading")} lead={t("newLead")}>
      {isShown && <Review preview={preview} choices={choices} typed={typed} path={path} />}
      {!isShown && problem !== null && typed.kind !== "reschedule" && <Notice tone="bad">{problem}</Notice>}
      {!isShown && (
        <Choices
          choices={choices}
          typed={problem === null ? typed : askedAgain(typed)}
          path={path}
          problem={problem}
        />
      )}
    </TontinePage>
  );
});

/** What is asked for once more after a refusal: the day, or everything. */
const askedAgain = (typed: DecisionQuery): DecisionQuery =>
  typed.kind === "reschedule"
    ? { ...typed, day: "" }
    : { kind: "", memberId: "", dueId: "", role: "", day: "" };

async function orProblem(found: Promise<DecisionPreview>): Promise<DecisionPreview | { problem: string }> {
  const [errors, fields] = await Promise.all([getTranslations("errors"), getTranslations("fields")]);
  try {
    return await found;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const [issue] = error.details?.issues ?? [];
    return { problem: issue ? fields(issue.reason as "date_past") : errors(error.code as "tontine_not_now") };
  }
}

interface ReviewProps {
  preview: DecisionPreview;
  choices: DecisionChoices;
  typed: DecisionQuery;
  path: string;
}

async function Review({ preview, choices, typed, path }: ReviewProps) {
  const t = await getTranslations("tontineDecisions");
  const { needed, voters, votingDays, noticeDays, consequences } = preview;
  const back = `/tontines/${choices.code}/decisions/new?${decisionQuery(typed, {})}`;
  return (
    <>
      <h2 className="text-lg font-bold">{await questionOf({ ...preview, role: typed.role || null })}</h2>
      <Consequences consequences={consequences} />
      <div className="mt-4">
        <ReceiptRows
          rows={[
            { label: t("whoVotes"), value: t("needed", { needed, voters }) },
            { label: t("lasts"), value: t("days", { count: votingDays }) },
            ...(noticeDays > 0 ? [{ label: t("notice"), value: t("days", { count: noticeDays }) }] : []),
          ]}
        />
      </div>
      <div className="mt-5">
        <PinEntry
          name="open-decision"
          action={askGroup}
          hidden={{ code: choices.code, ...typed }}
          path={back}
          submit={t("ask")}
        />
      </div>
      <p className="mt-3 text-center">
        <a href={path} className="inline-flex min-h-11 items-center underline underline-offset-4">
          {t("somethingElse")}
        </a>
      </p>
    </>
  );
}
