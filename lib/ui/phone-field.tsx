import { Field, type FieldProps } from "./field";

/** A phone number with its numeric keyboard and the phone's own suggestion. */
export function PhoneField(props: Omit<FieldProps, "type" | "inputMode">) {
  return <Field autoComplete="tel" {...props} type="tel" inputMode="tel" maxLength={40} />;
}
