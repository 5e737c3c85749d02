import { Field, type FieldProps } from "./field";

type PinFieldProps = Omit<FieldProps, "type" | "inputMode" | "autoComplete" | "maxLength" | "defaultValue">;

/** A PIN: hidden, never autofilled, with the numeric keyboard. */
export function PinField(props: PinFieldProps) {
  return <Field required {...props} type="password" inputMode="numeric" autoComplete="off" maxLength={12} />;
}
