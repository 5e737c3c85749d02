import type { ReactNode } from "react";
import { classNames } from "./class-names";
import { describedBy, FieldError, FieldHint, type FieldWords } from "./field-frame";

export interface Choice {
  value: string;
  label: string;
  /** A second line: why it is disabled, or its fee. */
  note?: string;
  disabled?: boolean;
  /** A lettermark or icon in front. */
  mark?: ReactNode;
}

interface ChoiceCardsProps extends Omit<FieldWords, "optional"> {
  name: string;
  choices: readonly Choice[];
  selected?: string | undefined;
  /** Puts the choices side by side from 640 px on. */
  sideBySide?: boolean;
}

/** Radio buttons drawn as cards, in a fieldset whose legend is the label. The first one has the group's id. */
export function ChoiceCards({ name, label, hint, error, choices, selected, sideBySide }: ChoiceCardsProps) {
  const firstEnabled = choices.findIndex((choice) => !choice.disabled);
  return (
    <fieldset className="mb-5 min-w-0" {...describedBy(name, { hint, error })}>
      <legend className="mb-1.5 font-semibold">{label}</legend>
      {error && <FieldError id={name} message={error} />}
      <div className={classNames("grid gap-2", sideBySide && "sm:grid-cols-2")}>
        {choices.map((choice, position) => (
          <ChoiceCard
            key={choice.value}
            {...choice}
            name={name}
            checked={choice.value === selected}
            {...(position === firstEnabled && { id: name })}
          />
        ))}
      </div>
      {hint && <FieldHint id={name}>{hint}</FieldHint>}
    </fieldset>
  );
}

interface ChoiceCardProps extends Choice {
  name: string;
  checked: boolean;
  id?: string;
}

function ChoiceCard({ name, value, label, note, disabled, mark, checked, id }: ChoiceCardProps) {
  return (
    <label
      className={classNames(
        "flex min-h-14 items-center gap-3 rounded-field border px-3 py-2",
        "has-checked:border-link has-checked:ring-1 has-checked:ring-link",
        disabled ? "border-line text-muted" : "cursor-pointer border-edge bg-card hover:bg-tint",
      )}
    >
      <input
        type="radio"
        id={id}
        name={name}
        value={value}
        defaultChecked={checked}
        disabled={disabled}
        className="size-5 shrink-0 accent-link"
      />
      {mark}
      <span className="min-w-0 leading-snug">
        <span className="font-semibold">{label}</span>
        {note && <span className="block text-sm text-muted">{note}</span>}
      </span>
    </label>
  );
}
