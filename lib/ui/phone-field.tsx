import { Field, type FieldProps } from "./field";

/** A phone number, with the numeric keyboard and the browser's autofill. */
export function PhoneField(props: Omit<FieldProps, "type" | "inputMode">) {
  return <Field autoComplete="tel" {...props} type="tel" inputMode="tel" maxLength={40} />;
}
