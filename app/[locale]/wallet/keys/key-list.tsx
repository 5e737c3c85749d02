import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import type { ApiKeyView } from "@/lib/services/api-access/keys/view";
import { ActionForm } from "@/lib/ui/action-form.client";
import { ButtonLink } from "@/lib/ui/button";
import { classNames } from "@/lib/ui/class-names";
import { Icon, type IconName } from "@/lib/ui/icons";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { revokeKey } from "./actions";

type KeyState = "active" | "revoked" | "replaced" | "expired";

const LOOK: Record<KeyState, { icon: IconName; color: string }> = {
  active: { icon: "check", color: "text-good" },
  revoked: { icon: "cross", color: "text-bad" },
  replaced: { icon: "refund", color: "text-muted" },
  expired: { icon: "hourglass", color: "text-waiting" },
};

function stateOf(key: ApiKeyView): KeyState {
  if (key.isActive) return "active";
  if (key.isRevoked) return "revoked";
  return key.isReplaced ? "replaced" : "expired";
}

export function KeyList({ label, keys }: { label: string; keys: readonly ApiKeyView[] }) {
  return (
    <ul
      aria-label={label}
      className="mt-3 divide-y divide-line overflow-hidden rounded-card border border-line bg-card"
    >
      {keys.map((key) => (
        <KeyRow key={key.id} apiKey={key} />
      ))}
    </ul>
  );
}

async function KeyRow({ apiKey: key }: { apiKey: ApiKeyView }) {
  const [locale, t, zone] = await Promise.all([getLocale(), getTranslations("keys"), viewerTimeZone()]);
  const state = stateOf(key);
  const look = LOOK[state];
  const time = formatDateTime(key.expiresAt, locale, zone);
  const used = key.lastUsedAt
    ? t("lastUsed", { time: formatDateTime(key.lastUsedAt, locale, zone) })
    : t("neverUsed");
  return (
    <li className="px-5 py-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="min-w-0 font-semibold break-words">
          <bdi>{key.name}</bdi>
        </p>
        <p className={classNames("inline-flex items-center gap-1 text-sm font-semibold", look.color)}>
          <Icon name={look.icon} className="size-3.5" />
          {t(`states.${state}`)}
        </p>
      </div>
      <p className="font-mono text-sm break-all">{key.prefix}…</p>
      <p className="mt-1 text-sm text-muted">
        {key.permissions.map((permission) => t(`permissions.${permission}.label`)).join(", ")}
      </p>
      {state !== "revoked" && (
        <p className="text-sm text-muted">{t(state === "active" ? "expires" : "expired", { time })}</p>
      )}
      <p className="text-sm text-muted">{used}</p>
      {state === "active" && <Revoke apiKey={key} />}
      {state === "expired" && (
        <ButtonLink
          variant="secondary"
          wide
          className="mt-3"
          href={localizedPath(locale, `/wallet/keys/renew/${key.id}`)}
          aria-label={t("renew.named", { name: key.name })}
        >
          {t("renew.link")}
        </ButtonLink>
      )}
    </li>
  );
}

/** Folded up, so that it takes two gestures, with and without JavaScript. */
async function Revoke({ apiKey: key }: { apiKey: ApiKeyView }) {
  const [t, form] = await Promise.all([getTranslations("keys.revoke"), getTranslations("form")]);
  return (
    <details className="mt-1">
      <summary className="flex min-h-11 w-fit cursor-pointer items-center text-sm text-link underline underline-offset-4">
        {t("open")}
        <span className="sr-only">&nbsp;{key.name}</span>
      </summary>
      <p className="mb-3 text-sm">{t("text")}</p>
      <ActionForm name="revoke-api-key" action={revokeKey}>
        <input type="hidden" name="keyId" value={key.id.toString()} />
        <SubmitButton
          variant="secondary"
          wide
          pendingLabel={form("pending")}
          aria-label={t("named", { name: key.name })}
        >
          {t("submit")}
        </SubmitButton>
      </ActionForm>
    </details>
  );
}
