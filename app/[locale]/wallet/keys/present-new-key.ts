import { getLocale, getTranslations } from "next-intl/server";
import { formatDateTime } from "@/lib/i18n/format-date";
import { siteUrl } from "@/lib/next/site-url";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import type { KnownApiKey, NewApiKey } from "@/lib/services/api-access/keys/view";

/** What the page shows once. */
export interface ShownKey {
  /** Null for a key that was made, and shown, before. */
  apiKey: string | null;
  expires: string;
  /** Commands that work as they are, of what the key permits. */
  examples: { title: string; command: string }[];
}

const EXAMPLE_WALLET = "1234567890128";

function commandFor(permission: string, apiKey: string): string | null {
  const key = `-H "x-api-key: ${apiKey}"`;
  const json = '-H "Content-Type: application/json"';
  switch (permission) {
    case "read":
      return `curl ${siteUrl("/api/wallet/balance")} \\\n  ${key}`;
    case "deposit":
      return `curl -X POST ${siteUrl("/api/wallet/deposit")} \\\n  ${key} \\\n  ${json} \\\n  -d '{"amount": 500000}'`;
    case "transfer":
      return `curl -X POST ${siteUrl("/api/wallet/transfer")} \\\n  ${key} \\\n  ${json} \\\n  -d '{"wallet_number": "${EXAMPLE_WALLET}", "amount": 300000}'`;
    default:
      return null;
  }
}

export async function presentNewKey({ apiKey, key }: NewApiKey | KnownApiKey): Promise<ShownKey> {
  const [locale, t, zone] = await Promise.all([getLocale(), getTranslations("keys"), viewerTimeZone()]);
  const examples = key.permissions.flatMap((permission) => {
    const command = apiKey === null ? null : commandFor(permission, apiKey);
    return command === null ? [] : [{ title: t(`permissions.${permission}.label`), command }];
  });
  const time = formatDateTime(key.expiresAt, locale, zone);
  return { apiKey, expires: t("expires", { time }), examples };
}
