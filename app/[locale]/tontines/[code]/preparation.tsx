import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { localizedPath } from "@/lib/i18n/href";
import type { SummaryView } from "@/lib/services/tontines/views/get-summary";
import { ActionForm } from "@/lib/ui/action-form.client";
import { ButtonLink } from "@/lib/ui/button";
import { Icon } from "@/lib/ui/icons";
import { Section } from "@/lib/ui/section";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { openInvitation } from "../actions";

/** Before the start: what is done, what is missing, and the viewer's next step. */
export async function Preparation({ tontine }: { tontine: SummaryView }) {
  const t = await getTranslations("tontines.preparation");
  if (!["draft", "inviting", "agreed"].includes(tontine.state)) return null;
  const { freeHalves, members, shareCount } = tontine;
  const here = members.filter(({ state }) => state === "invited" || state === "signed");
  const unsigned = here.filter(({ state }) => state === "invited");
  const taken = shareCount - freeHalves / 2;
  return (
    <Section heading={t("heading")}>
      <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card px-5">
        <Step isDone={freeHalves === 0}>{t("taken", { taken, count: shareCount })}</Step>
        <Step isDone={unsigned.length === 0}>
          {t("signed", { signed: here.length - unsigned.length, count: here.length })}
        </Step>
        <Step isDone={tontine.state === "agreed"}>
          {t(tontine.state === "agreed" ? "agreed" : "notAgreed")}
        </Step>
      </ul>
      <div className="mt-4 grid gap-2.5">
        <NextStep tontine={tontine} />
      </div>
      <ul
        aria-label={t("people")}
        className="mt-5 divide-y divide-line rounded-card border border-line bg-card px-5"
      >
        {here.map(({ id, name, isMe, roles, state }) => (
          <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2.5">
            <span className="min-w-0">
              <bdi className="font-semibold">{name}</bdi>
              {isMe && <span className="text-muted"> ({t("you")})</span>}
              {roles.length > 0 && (
                <span className="block text-sm text-muted">
                  {roles.map((role) => roleWord(t, role)).join(", ")}
                </span>
              )}
            </span>
            <span className="text-sm text-muted">{t(state === "signed" ? "hasSigned" : "hasNotSigned")}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const ROLES = ["chair", "treasurer", "secretary", "auditor"] as const;

function roleWord(
  t: Awaited<ReturnType<typeof getTranslations<"tontines.preparation">>>,
  role: string,
): string {
  const known = ROLES.find((each) => each === role);
  return known ? t(`roles.${known}`) : role;
}

function Step({ isDone, children }: { isDone: boolean; children: ReactNode }) {
  return (
    <li className="flex items-center gap-3 py-2.5">
      <Icon
        name={isDone ? "check" : "clock"}
        className={isDone ? "size-5 text-good" : "size-5 text-waiting"}
      />
      {children}
    </li>
  );
}

/** Signing first; then an officer invites, and the chair starts. */
async function NextStep({ tontine }: { tontine: SummaryView }) {
  const [locale, t, form] = await Promise.all([
    getLocale(),
    getTranslations("tontines.preparation"),
    getTranslations("form"),
  ]);
  const path = (page: string) => localizedPath(locale, `/tontines/${tontine.code}/${page}`);
  const isUnsigned = tontine.me.state === "invited";
  const isStarting = tontine.state === "agreed" && tontine.me.roles.includes("chair") && tontine.isOrdered;
  const canInvite = tontine.isOfficer && !tontine.me.roles.includes("auditor");
  return (
    <>
      {isUnsigned && (
        <ButtonLink wide href={path("sign")}>
          {t("sign")}
        </ButtonLink>
      )}
      {tontine.order === "draw" && (
        <ButtonLink wide variant={isUnsigned || isStarting ? "secondary" : "primary"} href={path("draw")}>
          {t("draw")}
        </ButtonLink>
      )}
      {isStarting && (
        <ButtonLink wide href={path("start")}>
          {t("start")}
        </ButtonLink>
      )}
      {canInvite && (
        <ActionForm name="open-invitation" action={openInvitation} hidden={{ code: tontine.code }}>
          <SubmitButton
            wide
            variant={isUnsigned || tontine.state === "agreed" ? "secondary" : "primary"}
            pendingLabel={form("pending")}
          >
            {t("invite")}
          </SubmitButton>
        </ActionForm>
      )}
      {!isUnsigned && !canInvite && tontine.state !== "agreed" && <p className="text-muted">{t("wait")}</p>}
    </>
  );
}
