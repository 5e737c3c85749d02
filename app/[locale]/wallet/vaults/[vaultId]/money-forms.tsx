import { getLocale, getTranslations } from "next-intl/server";
import { formatDate } from "@/lib/i18n/format-date";
import { localizedPath } from "@/lib/i18n/href";
import type { Locale } from "@/lib/i18n/routing";
import { newKey } from "@/lib/ids";
import type { Money } from "@/lib/money/money";
import { shownBalance } from "@/lib/next/shown-balance";
import { viewerTimeZone } from "@/lib/next/viewer-time-zone";
import type { VaultView } from "@/lib/services/vaults/view";
import { ButtonLink } from "@/lib/ui/button";
import { Card } from "@/lib/ui/card";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Icon } from "@/lib/ui/icons";
import { Section } from "@/lib/ui/section";
import { quickAmounts, unitOf } from "../../amount-field-props";
import { putMoney, takeMoney } from "../actions";
import { formWords } from "../field-words";

/** Puts money into the vault; links to the top-up while nothing is available. */
export async function PutForm(props: { vault: VaultView; available: Money; amount: string }) {
  const { vault, available, amount } = props;
  const [locale, t, form] = await Promise.all([
    getLocale(),
    getTranslations("vaults.put"),
    getTranslations("form"),
  ]);
  const until = await lockDateOf(vault, locale);
  return (
    <Section heading={t("heading")}>
      <Card className="mt-3 p-5">
        {available.amountMinor === 0n ? (
          <>
            <p className="text-muted">{t("nothing")}</p>
            <ButtonLink wide className="mt-4" href={localizedPath(locale, "/wallet/topup")}>
              {t("topup")}
            </ButtonLink>
          </>
        ) : (
          <FieldsForm
            id="put"
            name="put-into-vault"
            action={putMoney}
            hidden={{ vaultId: vault.id.toString() }}
            formKey={newKey()}
            fields={[
              {
                name: "amount",
                label: t("amount"),
                hint: t("hint", { balance: await shownBalance(available) }),
                value: amount,
                amountOf: await unitOf(vault.currency),
                quick: {
                  label: form("quickAmounts"),
                  amounts: await quickAmounts(vault.currency, available),
                },
              },
            ]}
            {...(until !== null && { note: <LockedNote text={t("locked", { time: until })} /> })}
            words={await formWords(t("submit"))}
          />
        )}
      </Card>
    </Section>
  );
}

/** Takes money out of the vault; while it is locked, a disabled button and the date. */
export async function TakeForm({ vault }: { vault: VaultView }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations("vaults.take")]);
  const { balance, currency } = vault;
  const amount = {
    name: "amount",
    label: t("amount"),
    hint: t("hint", { balance: await shownBalance(balance) }),
    amountOf: await unitOf(currency),
  };
  const until = await lockDateOf(vault, locale);
  return (
    <Section heading={t("heading")}>
      <Card className="mt-3 p-5">
        {/* The same form while it is locked: a submission from an older page shows its error here. */}
        <FieldsForm
          id="take"
          name="take-from-vault"
          action={takeMoney}
          hidden={{ vaultId: vault.id.toString() }}
          formKey={newKey()}
          variant="secondary"
          fields={until === null ? [amount] : []}
          {...(until !== null && { off: true, note: <LockedNote text={t("locked", { time: until })} /> })}
          words={await formWords(t("submit"))}
        />
      </Card>
    </Section>
  );
}

/** The day that opens it; null while it isn't locked. */
async function lockDateOf({ isLocked, lockedUntil }: VaultView, locale: Locale): Promise<string | null> {
  return isLocked && lockedUntil ? formatDate(lockedUntil, locale, await viewerTimeZone()) : null;
}

function LockedNote({ text }: { text: string }) {
  return (
    <p className="flex gap-2">
      <Icon name="vault" className="mt-0.5 size-5 text-waiting" />
      {text}
    </p>
  );
}
