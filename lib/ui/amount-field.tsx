import type { ComponentProps, ReactNode } from "react";
import { CURRENCIES, type Currency } from "@/lib/money/currency";
import { classNames } from "./class-names";
import { edgeClass } from "./field";
import { describedBy, FieldFrame, type FieldWords } from "./field-frame";

interface AmountFieldProps extends FieldWords, Omit<ComponentProps<"input">, "id" | "className" | "type"> {
  name: string;
  id?: string;
  /** The unit and its position, as `formatAmount` gives them. */
  unit: string;
  unitFirst: boolean;
  /** Its decimals choose the on-screen keyboard. */
  currency: Currency;
  /** Below the input, inside the frame: quick amounts, the amount in words. */
  children?: ReactNode;
}

/** An amount in large type with its unit. A text input, not `type=number`: people type `5 000`. */
export function AmountField(props: AmountFieldProps) {
  const {
    id: givenId,
    label,
    hint,
    error,
    currency,
    unit,
    unitFirst,
    children,
    optional: _,
    ...input
  } = props;
  const id = givenId ?? input.name;
  const adornment = (
    <span aria-hidden="true" className="px-3.5 text-lg font-semibold text-muted">
      {unit}
    </span>
  );
  return (
    <FieldFrame id={id} label={`${label} (${unit})`} hint={hint} error={error}>
      <div
        className={classNames(
          "flex items-center rounded-field border bg-card",
          "has-[input:focus-visible]:outline-3 has-[input:focus-visible]:outline-offset-2 has-[input:focus-visible]:outline-link",
          edgeClass(error),
        )}
      >
        {unitFirst && adornment}
        <input
          inputMode={CURRENCIES[currency].decimals === 0 ? "numeric" : "decimal"}
          autoComplete="off"
          maxLength={40}
          {...input}
          type="text"
          id={id}
          {...describedBy(id, { hint, error })}
          className={classNames(
            "min-h-14 w-full min-w-0 rounded-field bg-transparent px-3.5 text-2xl font-bold outline-none focus-visible:shadow-none",
            unitFirst && "pl-0",
          )}
        />
        {!unitFirst && adornment}
      </div>
      {children}
    </FieldFrame>
  );
}
