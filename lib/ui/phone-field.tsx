import type { ComponentProps } from "react";
import { Field, type FieldProps } from "./field";
import { SelectField } from "./select-field";

/** Attributes of a form's control: name, default value and error. */
type Control = ComponentProps<typeof SelectField>["input"];

interface HomePhoneFieldsProps {
  country: Control;
  phone: Control;
  options: ComponentProps<typeof SelectField>["options"];
  /** Without `optional` the number isn't marked as optional. */
  words: { country: string; phone: string; phoneHint: string; optional?: string };
}

/** A person's own number, written as at home, with the country that it belongs to. */
export function HomePhoneFields({ country, phone, options, words }: HomePhoneFieldsProps) {
  return (
    <>
      <SelectField id={country.name} label={words.country} options={options} input={country} />
      <PhoneField
        {...phone}
        label={words.phone}
        hint={words.phoneHint}
        {...(words.optional && { optional: words.optional })}
      />
    </>
  );
}

/** A phone number, with the numeric keyboard and the browser's autofill. */
export function PhoneField(props: Omit<FieldProps, "type" | "inputMode">) {
  return <Field autoComplete="tel" {...props} type="tel" inputMode="tel" maxLength={40} />;
}
