import { getTranslations } from "next-intl/server";
import { DEFAULT_CURRENCY } from "@/lib/money/currency";
import { currentContext } from "@/lib/next/current-context";
import type { Query } from "@/lib/next/next-path";
import { listOfferedCurrencies } from "@/lib/services/operations/list-offered-currencies";
import { NOTE_LENGTH_MAX } from "@/lib/services/transfers/check-transfer";
import { AmountField } from "@/lib/ui/amount-field";
import { Button, ButtonLink } from "@/lib/ui/button";
import { Field } from "@/lib/ui/field";
import { Notice } from "@/lib/ui/notice";
import { LINK_PROBLEM_VALUES, type LinkField, plainAmount, type ReadLink } from "../../payment-link";
import { unitOf } from "../amount-field-props";
import { CurrencyChoice } from "../currency-choice";

/** A GET form: the page's address says what its code proposes. What can't be used stays typed, with the reason. */
export async function AmountInCode({ query, link, path }: { query: Query; link: ReadLink; path: string }) {
  const [t, transfer, form, fields, unit, currencies] = await Promise.all([
    getTranslations("receive"),
    getTranslations("transfer"),
    getTranslations("form"),
    getTranslations("fields"),
    unitOf(link.currency),
    listOfferedCurrencies(await currentContext()),
  ]);
  const problem = (field: LinkField) => {
    const reason = link.problems[field];
    return reason === undefined ? {} : { error: fields(reason as "too_long", LINK_PROBLEM_VALUES) };
  };
  const typed = (field: LinkField) => {
    const value = query[field];
    return typeof value === "string" ? value.slice(0, NOTE_LENGTH_MAX) : "";
  };
  const amount = link.amount ? plainAmount(link.amount) : typed("amount").slice(0, 40);
  const isSet = link.amount !== null || link.note !== null;
  return (
    <>
      {link.problems.currency && <Notice tone="bad">{t("currencyUnknown")}</Notice>}
      <CurrencyChoice currencies={currencies} current={link.currency} path={path} />
      <form action={path}>
        {link.currency !== DEFAULT_CURRENCY && <input type="hidden" name="currency" value={link.currency} />}
        <AmountField
          name="amount"
          label={form("amount")}
          {...unit}
          {...problem("amount")}
          defaultValue={amount}
        />
        <Field
          name="note"
          label={transfer("note")}
          optional={form("optional")}
          autoComplete="off"
          maxLength={NOTE_LENGTH_MAX}
          {...problem("note")}
          defaultValue={link.note ?? typed("note")}
        />
        <div className="grid gap-2.5">
          <Button variant="secondary" wide>
            {t("apply")}
          </Button>
          {isSet && (
            <ButtonLink variant="link" href={path}>
              {t("clear")}
            </ButtonLink>
          )}
        </div>
      </form>
    </>
  );
}
