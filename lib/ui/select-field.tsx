import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names";
import { edgeClass } from "./field";
import { describedBy, FieldFrame } from "./field-frame";

interface SelectFieldProps {
  id: string;
  label: string;
  hint?: ReactNode;
  options: readonly { value: string; label: string }[];
  /** The attributes that any control of a form takes. */
  input: Pick<ComponentProps<"input">, "defaultValue"> & { name: string; error?: string | undefined };
}

/** A native select: it finds entries by typing and needs no script. */
export function SelectField({ id, label, hint, options, input }: SelectFieldProps) {
  const { name, defaultValue, error } = input;
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <select
        id={id}
        name={name}
        defaultValue={defaultValue}
        {...describedBy(id, { hint, error })}
        className={classNames(
          "block min-h-12 w-full min-w-0 rounded-field border bg-card px-3.5 py-2.5 text-base",
          edgeClass(error),
        )}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}
