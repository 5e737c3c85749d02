import { getTranslations } from "next-intl/server";
import { currentContext } from "@/lib/next/current-context";
import { ownerSecretsOf } from "@/lib/services/identity/contacts/confirm-owner";
import type { FormField } from "@/lib/ui/typed-field";

/** The field by which a form asks for the password or the PIN; none for a person who has neither. */
export async function ownerSecretFields(): Promise<FormField[]> {
  const context = await currentContext();
  const { actor } = context;
  if (actor.kind !== "user") return [];
  const [t, { hasPassword, hasPin }] = await Promise.all([
    getTranslations("contacts"),
    ownerSecretsOf(context, actor.userId),
  ]);
  if (!hasPassword && !hasPin) return [];
  const label = hasPassword && hasPin ? "secret" : hasPassword ? "secretPassword" : "secretPin";
  return [{ name: "secret", label: t(label), hint: t("secretHint"), kind: "secret" }];
}
