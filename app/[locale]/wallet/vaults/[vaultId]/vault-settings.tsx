import { getLocale, getTranslations } from "next-intl/server";
import { formatAmount } from "@/lib/money/format-money";
import { currentContext } from "@/lib/next/current-context";
import type { VaultView } from "@/lib/services/vaults/view";
import { Card } from "@/lib/ui/card";
import { Disclosure } from "@/lib/ui/disclosure";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Section } from "@/lib/ui/section";
import { deleteVault, reviewVaultLock, saveVault } from "../actions";
import { dayField, formWords, goalField, nameField } from "../field-words";

/** The rarely used forms of a vault: rename and goal, lock date, delete. */
export async function VaultSettings({ vault }: { vault: VaultView }) {
  const [locale, t, { now }] = await Promise.all([getLocale(), getTranslations("vaults"), currentContext()]);
  const goal = vault.goal ? formatAmount(vault.goal, locale).number : "";
  const hidden = { vaultId: vault.id.toString() };
  const day = dayField({ label: t("day"), hint: t("lock.hint") }, now, vault.lockedUntil);
  return (
    <Section heading={t("settings")}>
      <Card className="mt-3">
        <FieldsForm
          id="edit"
          summary={t("edit.heading")}
          name="save-vault"
          action={saveVault}
          hidden={hidden}
          variant="secondary"
          fields={[await nameField(vault.name), await goalField(vault.currency, goal)]}
          words={await formWords(t("edit.submit"))}
        />
        <FieldsForm
          id="lock"
          summary={t(vault.isLocked ? "lock.headingLater" : "lock.heading")}
          name="review-vault-lock"
          action={reviewVaultLock}
          hidden={hidden}
          variant="secondary"
          fields={[day]}
          words={await formWords(t("lock.submit"))}
        />
        {vault.balance.amountMinor > 0n ? (
          <Disclosure summary={t("close.heading")}>
            <p className="text-muted">{t("close.notEmpty")}</p>
          </Disclosure>
        ) : (
          <FieldsForm
            id="close"
            summary={t("close.heading")}
            note={<p className="text-muted">{t("close.text")}</p>}
            name="close-vault"
            action={deleteVault}
            hidden={hidden}
            variant="secondary"
            fields={[]}
            words={await formWords(t("close.submit"))}
          />
        )}
      </Card>
    </Section>
  );
}
