import type { ComponentProps } from "react";
import { classNames } from "./class-names";
import { describedBy, FieldFrame, type FieldWords } from "./field-frame";

/** At least 16 px, so that phones don't zoom in, and at least 48 px high. */
const INPUT =
  "block min-h-12 w-full rounded-field border bg-card px-3.5 py-2.5 text-base placeholder:text-muted";

export const edgeClass = (error: string | undefined) => (error ? "border-bad border-2" : "border-edge");

export interface FieldProps extends FieldWords, Omit<ComponentProps<"input">, "id" | "className"> {
  name: string;
  /** Defaults to the name. */
  id?: string;
}

/** A labelled input, for server and client components. */
export function Field({ id: givenId, label, hint, error, optional, ...input }: FieldProps) {
  const id = givenId ?? input.name;
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error} {...(optional && { optional })}>
      <input
        type="text"
        {...input}
        id={id}
        {...describedBy(id, { hint, error })}
        className={classNames(INPUT, edgeClass(error))}
      />
    </FieldFrame>
  );
}
