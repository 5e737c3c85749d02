import { getTranslations } from "next-intl/server";
import { CURRENCIES, CURRENCY_CODES } from "@/lib/money/currency";
import type { StatementInput } from "@/lib/services/statements/schema";
import type { VaultView } from "@/lib/services/vaults/view";
import { Button } from "@/lib/ui/button";
import { Field } from "@/lib/ui/field";
import { SelectField } from "@/lib/ui/select-field";

interface PeriodFormProps {
  path: string;
  input: StatementInput;
  /** The vault of the statement that is shown, also a closed one. */
  shownVault: { id: string; name: string } | null;
  vaults: readonly VaultView[];
  /** What is wrong, by field. */
  errors: Readonly<Record<string, string>>;
  today: string;
}

/** Any period of any account, as a plain GET form: the address of the page says what it shows. */
export async function PeriodForm({ path, input, shownVault, vaults, errors, today }: PeriodFormProps) {
  const t = await getTranslations("statements");
  const named = vaults.map(({ id, name }) => ({ id: id.toString(), name }));
  const listed =
    shownVault === null || named.some(({ id }) => id === shownVault.id) ? named : [...named, shownVault];
  const accounts = [
    ...CURRENCY_CODES.map((code) => ({
      value: code as string,
      label: t("available", { currency: CURRENCIES[code].symbol }),
    })),
    ...listed.map(({ id, name }) => ({ value: id, label: t("vault", { name }) })),
  ];
  return (
    <form action={path} className="mt-3">
      <SelectField
        id="account"
        label={t("account")}
        options={accounts}
        input={{ name: "account", defaultValue: input.vault ?? input.currency }}
      />
      <div className="grid gap-x-3 sm:grid-cols-2">
        <Field
          name="from"
          label={t("from")}
          type="date"
          max={today}
          required
          defaultValue={input.from}
          error={errors.from}
        />
        <Field name="to" label={t("to")} type="date" required defaultValue={input.to} error={errors.to} />
      </div>
      <Button variant="secondary" wide>
        {t("show")}
      </Button>
    </form>
  );
}
