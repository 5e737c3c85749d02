import type { ReactNode } from "react";
import { Icon } from "./icons";

/** The label, hint and error of a field. `error` is a sentence from `fields.<reason>`. */
export interface FieldWords {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** "facultatif", shown beside the label of a field that may stay empty. */
  optional?: string;
}

interface FieldFrameProps extends FieldWords {
  id: string;
  children: ReactNode;
}

const hintId = (id: string) => `${id}-hint`;
const errorId = (id: string) => `${id}-error`;

/** The attributes that tie a control to its hint and its error. */
export function describedBy(id: string, { hint, error }: Pick<FieldWords, "hint" | "error">) {
  const ids = [error && errorId(id), hint && hintId(id)].filter(Boolean).join(" ");
  return {
    ...(ids && { "aria-describedby": ids }),
    ...(error && { "aria-invalid": true as const }),
  };
}

export function FieldFrame({ id, label, optional, hint, error, children }: FieldFrameProps) {
  return (
    <div className="mb-5">
      <label htmlFor={id} className="mb-1.5 block font-semibold">
        {label}
        {optional && <span className="font-normal text-muted"> ({optional})</span>}
      </label>
      {error && <FieldError id={id} message={error} />}
      {children}
      {hint && <FieldHint id={id}>{hint}</FieldHint>}
    </div>
  );
}

export function FieldHint({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={hintId(id)} className="mt-1.5 text-sm text-muted">
      {children}
    </p>
  );
}

export function FieldError({ id, message }: { id: string; message: string }) {
  return (
    <p id={errorId(id)} className="mb-1.5 flex gap-1.5 text-sm font-semibold text-bad wrap-anywhere">
      <Icon name="warning" className="mt-0.5 size-4" />
      {message}
    </p>
  );
}
