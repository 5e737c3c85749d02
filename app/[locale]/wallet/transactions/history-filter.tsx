import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { daysOfMonth, isDay, lastMonths } from "@/lib/day-range";
import { formatMonth } from "@/lib/i18n/format-date";
import { CURRENCY_CODES } from "@/lib/money/currency";
import { OPERATION_STATUSES, OPERATION_TYPES } from "@/lib/services/operations/kinds";
import { FILTER_FIELDS, type FilterField, type TypedFilter } from "@/lib/services/operations/read-filter";
import { Button } from "@/lib/ui/button";
import { Card } from "@/lib/ui/card";
import { classNames } from "@/lib/ui/class-names";
import { Disclosure } from "@/lib/ui/disclosure";
import { edgeClass } from "@/lib/ui/field";
import { describedBy, FieldError } from "@/lib/ui/field-frame";
import { STATE_OF } from "../present-operation";
import { historyPath } from "./history-query";

const CONTROL = "min-h-12 w-full min-w-0 rounded-field border bg-card px-3 text-base";
const MONTHS = 12;

interface HistoryFilterProps {
  path: string;
  typed: TypedFilter;
  /** What is wrong with a field: a sentence. */
  errors: ReadonlyMap<FilterField, string>;
  zone: string;
  now: Date;
}

/** Search and filters as a plain GET form: the address of the page says what it shows. */
export async function HistoryFilter(props: HistoryFilterProps) {
  const { path, typed } = props;
  const t = await getTranslations("history");
  const active = FILTER_FIELDS.filter((field) => field !== "text" && typed[field] !== "").length;
  return (
    <search>
      <form action={path} className="no-print mb-4 grid gap-3 lg:top-6 lg:[&:not(:has([open]))]:sticky">
        <FilterInput {...props} field="text" type="search" label={t("search")} maxLength={40} />
        <Card className="@container">
          <Disclosure
            summary={active > 0 ? t("filtersActive", { count: active }) : t("filters")}
            open={active > 0}
          >
            <div className="grid gap-3">
              <Months {...props} />
              <Fields {...props} />
            </div>
          </Disclosure>
        </Card>
        <Button variant="secondary">{t("apply")}</Button>
        {(active > 0 || typed.text !== "") && (
          <a
            href={path}
            className="inline-flex min-h-11 items-center justify-center text-link underline underline-offset-4"
          >
            {t("clear")}
          </a>
        )}
      </form>
    </search>
  );
}

async function Fields(props: HistoryFilterProps) {
  const [t, form, kinds, states] = await Promise.all([
    getTranslations("history"),
    getTranslations("form"),
    getTranslations("kinds"),
    getTranslations("states"),
  ]);
  const types = OPERATION_TYPES.map(
    (type) => [type, kinds(type === "transfer" ? "transfers" : type)] as const,
  );
  const statuses = OPERATION_STATUSES.map((status) => [status, states(STATE_OF[status])] as const);
  const currencies = CURRENCY_CODES.map((each) => [each, form(`currencies.${each}`)] as const);
  return (
    <>
      <div className="grid gap-3 @min-[21rem]:grid-cols-2">
        <DayInput {...props} field="from" label={t("from")} />
        <DayInput {...props} field="to" label={t("to")} />
      </div>
      <div className="grid gap-3 @min-[18rem]:grid-cols-2">
        <FilterSelect {...props} field="type" label={t("filterType")} options={types} />
        <FilterSelect {...props} field="status" label={t("filterState")} options={statuses} />
        <FilterSelect {...props} field="currency" label={form("currency")} options={currencies} />
        <FilterInput {...props} field="amount" label={form("amount")} inputMode="decimal" maxLength={40} />
      </div>
    </>
  );
}

/** Links to each of the last months, with the other filters as they are. */
async function Months({ path, typed, zone, now }: HistoryFilterProps) {
  const [t, locale] = await Promise.all([getTranslations("history"), getLocale()]);
  return (
    <nav aria-label={t("months")}>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(5.5rem,1fr))] gap-1.5">
        {lastMonths(now, zone, MONTHS).map((month) => {
          const days = daysOfMonth(month) ?? { from: "", to: "" };
          const isShown = typed.from === days.from && typed.to === days.to;
          return (
            <li key={month}>
              <a
                href={historyPath(path, { ...typed, ...days })}
                {...(isShown && { "aria-current": "true" as const })}
                className={classNames(
                  "flex min-h-11 items-center justify-center rounded-field border px-1 text-center text-sm",
                  isShown ? "border-link font-semibold ring-1 ring-link" : "border-line hover:bg-tint",
                )}
              >
                {formatMonth(month, locale)}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

interface FieldProps extends Pick<HistoryFilterProps, "typed" | "errors"> {
  field: FilterField;
  label: string;
}

function Labelled({ field, label, errors, children }: FieldProps & { children: ReactNode }) {
  const error = errors.get(field);
  return (
    <div className="min-w-0">
      <label htmlFor={field} className="mb-1 block text-sm text-muted">
        {label}
      </label>
      {error && <FieldError id={field} message={error} />}
      {children}
    </div>
  );
}

interface InputProps extends FieldProps {
  type?: "search" | "date" | "text";
  inputMode?: "decimal" | "numeric";
  maxLength?: number;
}

function FilterInput({ type = "text", inputMode, maxLength, ...props }: InputProps) {
  const { field, typed, errors } = props;
  const error = errors.get(field);
  return (
    <Labelled {...props}>
      <input
        id={field}
        name={field}
        type={type}
        defaultValue={typed[field]}
        {...(inputMode && { inputMode })}
        {...(maxLength && { maxLength })}
        {...describedBy(field, { hint: undefined, error })}
        className={classNames(CONTROL, edgeClass(error))}
      />
    </Labelled>
  );
}

/** A date picker; a date that a picker can't show is kept as text. */
function DayInput(props: FieldProps) {
  const value = props.typed[props.field];
  const isText = value !== "" && !isDay(value);
  return <FilterInput {...props} type={isText ? "text" : "date"} {...(isText && { inputMode: "numeric" })} />;
}

async function FilterSelect({
  options,
  ...props
}: FieldProps & { options: readonly (readonly [value: string, label: string])[] }) {
  const { field, typed, errors } = props;
  const t = await getTranslations("history");
  const error = errors.get(field);
  return (
    <Labelled {...props}>
      <select
        id={field}
        name={field}
        defaultValue={typed[field]}
        {...describedBy(field, { hint: undefined, error })}
        className={classNames(CONTROL, edgeClass(error))}
      >
        <option value="">{t("allTypes")}</option>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </Labelled>
  );
}
