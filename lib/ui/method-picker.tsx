import { ChoiceCards } from "./choice-cards";
import type { FieldWords } from "./field-frame";
import { MethodMark } from "./method-mark";

export interface MethodOption {
  /** The method's code, such as `orange_money`. */
  value: string;
  /** Its name, from `methods.<code>`. */
  label: string;
  /** "Indisponible pour le moment", or a fee. */
  note?: string;
  disabled?: boolean;
}

interface MethodPickerProps extends Omit<FieldWords, "optional"> {
  name?: string;
  options: readonly MethodOption[];
  selected?: string | undefined;
}

/** Payment methods as radio cards: lettermark and name, in a fieldset. */
export function MethodPicker({ name = "method", options, ...rest }: MethodPickerProps) {
  const choices = options.map((option) => ({ ...option, mark: <MethodMark method={option.value} /> }));
  return <ChoiceCards {...rest} name={name} choices={choices} />;
}
