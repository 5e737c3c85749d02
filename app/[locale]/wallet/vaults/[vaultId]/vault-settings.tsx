import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import type { VaultView } from "@/lib/services/vaults/view";
import { ActionForm } from "@/lib/ui/action-form.client";
import { Card } from "@/lib/ui/card";
import { Disclosure } from "@/lib/ui/disclosure";
import { FieldsForm } from "@/lib/ui/fields-form.client";
import { Section } from "@/lib/ui/section";
import { SubmitButton } from "@/lib/ui/submit-button.client";
import { currentContext } from "@/lib/web/current-context";
import { deleteVault, lockVaultUntil, saveVault } from "../actions";
import { dayField, formWords, goalField, nameField } from "../field-words";
import { plainAmount } from "./plain-amount";

/** What is rarely wanted: name and goal, a date or a later one, the end. */
export async function VaultSettings({ vault }: { vault: VaultView }) {
  const [t, { now }] = await Promise.all([getTranslations("vaults"), currentContext()]);
  const hidden = { vaultId: vault.id.toString() };
  const day = dayField({ label: t("day"), hint: t("lock.hint") }, now, vault.lockedUntil);
  return (
    <Section heading={t("settings")}>
      <Card className="mt-3">
        <Disclosure summary={t("edit.heading")}>
          <FieldsForm
            id="edit"
            action={saveVault}
            hidden={hidden}
            variant="secondary"
            fields={[await nameField(vault.name), await goalField(vault.currency, plainAmount(vault.goal))]}
            words={await formWords(t("edit.submit"))}
          />
        </Disclosure>
        <Disclosure summary={t(vault.isLocked ? "lock.headingLater" : "lock.heading")}>
          <FieldsForm
            id="lock"
            action={lockVaultUntil}
            hidden={hidden}
            variant="secondary"
            fields={[day]}
            words={await formWords(t("lock.submit"))}
          />
        </Disclosure>
        <Disclosure summary={t("close.heading")}>{await closing(vault)}</Disclosure>
      </Card>
    </Section>
  );
}

async function closing({ id, balance }: VaultView): Promise<ReactNode> {
  const [t, form] = await Promise.all([getTranslations("vaults.close"), getTranslations("form")]);
  if (balance.amountMinor > 0n) return <p className="text-muted">{t("notEmpty")}</p>;
  return (
    <ActionForm action={deleteVault}>
      <input type="hidden" name="vaultId" value={id.toString()} />
      <p className="mb-4 text-muted">{t("text")}</p>
      <SubmitButton variant="secondary" wide pendingLabel={form("pending")}>
        {t("submit")}
      </SubmitButton>
    </ActionForm>
  );
}
