import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { formatMoney } from "@/lib/money/format-money";
import type { DisputeView } from "@/lib/services/tontines/views/list-disputes";
import { ButtonLink } from "@/lib/ui/button";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { PinEntry } from "../../../wallet/pin-confirmation";
import { formWords } from "../../../wallet/vaults/field-words";
import { answerTo, ruleOn, takeDisputeBack } from "../../dispute-actions";

const TEXT_LENGTH_MAX = 280;

interface DisputeCardProps {
  code: string;
  zone: string;
  dispute: DisputeView;
  /** The viewer has chosen this ruling, and enters the PIN next. */
  ruling: "granted" | "upheld" | null;
}

/** One dispute: the objection, the answer, the rulings, and what the viewer may do. */
export async function DisputeCard({ code, zone, dispute, ruling }: DisputeCardProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineDisputes")]);
  const { about, turn, amount, state, openedBy, reason, answer, answeredBy, rulings, outcome } = dispute;
  const at = (time: Date) => formatDateTime(time, locale, zone);
  return (
    <article className="rounded-card border border-line bg-card px-5 py-4">
      <h3 className="font-bold">
        {t(`about.${about}`, { turn })}
        {amount && ` · ${formatMoney(amount, locale)}`}
      </h3>
      <p className="text-sm text-muted">
        <bdi>{openedBy}</bdi> · {at(dispute.openedAt)} ·{" "}
        {outcome ? t(`outcomes.${outcome}`) : t(`states.${state}`)}
      </p>
      <p className="mt-2 wrap-anywhere">
        <bdi>{reason}</bdi>
      </p>
      {answer !== null && (
        <p className="mt-2 border-l-2 border-line pl-3 wrap-anywhere">
          <bdi className="font-semibold">{answeredBy}</bdi> : <bdi>{answer}</bdi>
        </p>
      )}
      {state === "opened" && (
        <p className="mt-2 text-sm text-muted">{t("answerBefore", { day: at(dispute.answerBefore) })}</p>
      )}
      {(state === "opened" || state === "answered") && (
        <p className="text-sm text-muted">{t("settleBefore", { day: at(dispute.settleBefore) })}</p>
      )}
      {rulings.map(({ memberId, name, outcome: each }) => (
        <p key={memberId} className="text-sm">
          <bdi className="font-semibold">{name}</bdi> : {t(`rulings.${each}`)}
        </p>
      ))}
      <Forms code={code} dispute={dispute} ruling={ruling} />
    </article>
  );
}

async function Forms({ code, dispute, ruling }: Omit<DisputeCardProps, "zone">) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("tontineDisputes")]);
  const hidden = { code, disputeId: dispute.id };
  const path = `/tontines/${code}/disputes`;
  return (
    <div className="mt-3 space-y-3">
      {dispute.mayAnswer && ruling === null && (
        <FieldsForm
          id={`answer-${dispute.id}`}
          name="answer-dispute"
          action={answerTo}
          hidden={hidden}
          summary={t("answer")}
          fields={[
            { name: "answer", label: t("answerLabel"), hint: t("textHint"), maxLength: TEXT_LENGTH_MAX },
          ]}
          words={await formWords(t("answerSubmit"))}
        />
      )}
      {dispute.mayRule && ruling !== null && (
        <PinEntry
          name="rule-dispute"
          action={ruleOn}
          hidden={{ ...hidden, outcome: ruling }}
          path={`${path}?dispute=${dispute.id}&ruling=${ruling}`}
          submit={t(`rule.${ruling}`)}
        />
      )}
      {dispute.mayRule && ruling === null && (
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
          {(["granted", "upheld"] as const).map((each) => (
            <ButtonLink
              key={each}
              wide
              variant="secondary"
              href={`${localizedPath(locale, path)}?dispute=${dispute.id}&ruling=${each}`}
            >
              {t(`rule.${each}`)}
            </ButtonLink>
          ))}
        </div>
      )}
      {dispute.mayWithdraw && (
        <FieldsForm
          id={`withdraw-${dispute.id}`}
          name="withdraw-dispute"
          action={takeDisputeBack}
          hidden={hidden}
          fields={[]}
          variant="secondary"
          words={await formWords(t("withdraw"))}
        />
      )}
    </div>
  );
}
