import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import type { SessionSummary } from "@/lib/services/identity/sessions/list-sessions";
import { ActionForm } from "@/lib/ui/action-form.client";
import { CheckCards } from "@/lib/ui/check-cards";
import { Icon } from "@/lib/ui/icons";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { revokeSession, signOutElsewhere } from "./actions";

interface SessionListProps {
  sessions: readonly SessionSummary[];
  /** True when the person has active API keys: signing out elsewhere offers to revoke them too. */
  hasKeys: boolean;
}

/** The person's sessions, each with a button that ends it; for this browser's own that is signing out. */
export async function SessionList({ sessions, hasKeys }: SessionListProps) {
  const [t, form] = await Promise.all([getTranslations("settings.sessions"), getTranslations("form")]);
  const others = sessions.filter((session) => !session.isCurrent);
  const inOrder = [...sessions.filter((session) => session.isCurrent), ...others];
  return (
    <>
      <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-card">
        {inOrder.map((session) => (
          <SessionRow key={session.sessionId} session={session} />
        ))}
      </ul>
      {(others.length > 0 || hasKeys) && (
        <div className="mt-3">
          <ActionForm name="sign-out-elsewhere" action={signOutElsewhere}>
            {hasKeys && (
              <CheckCards
                id="keys"
                label={t("alsoKeys")}
                choices={[
                  { name: "keys", label: t("revokeKeys"), note: t("revokeKeysNote"), checked: false },
                ]}
              />
            )}
            <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
              {t("endOthers")}
            </SubmitButton>
          </ActionForm>
        </div>
      )}
    </>
  );
}

async function SessionRow({ session }: { session: SessionSummary }) {
  const [locale, t, form, zone] = await Promise.all([
    getLocale(),
    getTranslations("settings.sessions"),
    getTranslations("form"),
    viewerTimeZone(),
  ]);
  const device = session.device === "?" ? t("unknownDevice") : session.device;
  const lastSeen = t("lastSeen", { time: formatDateTime(session.lastSeenAt, locale, zone) });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
      <div className="min-w-0 grow">
        <p className="font-semibold">{device}</p>
        <p className="text-sm text-muted">
          {t("since", { time: formatDateTime(session.startedAt, locale, zone) })}
        </p>
        {!session.isCurrent && <p className="text-sm text-muted">{lastSeen}</p>}
      </div>
      {session.isCurrent ? (
        <p className="flex items-center gap-1.5 text-sm font-semibold text-good">
          <Icon name="check" className="size-4" />
          {t("current")}
        </p>
      ) : (
        <ActionForm name="revoke-session" action={revokeSession}>
          <input type="hidden" name="sessionId" value={session.sessionId} />
          <SubmitButton
            variant="link"
            className="-mx-5"
            pendingLabel={form("pending")}
            aria-label={`${t("endNamed", { name: device })}, ${lastSeen}`}
          >
            {t("end")}
          </SubmitButton>
        </ActionForm>
      )}
    </li>
  );
}
