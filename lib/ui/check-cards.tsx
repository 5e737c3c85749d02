import { describedBy, FieldError, FieldHint, type FieldWords } from "./field-frame";

export interface CheckChoice {
  /** The field's name: each box is a field of its own, with the value `on`. */
  name: string;
  label: string;
  /** A second line: what it allows. */
  note?: string;
  checked: boolean;
}

interface CheckCardsProps extends Omit<FieldWords, "optional"> {
  /** The id of the first box, which error summaries link to. */
  id: string;
  choices: readonly CheckChoice[];
}

/** Check boxes drawn as cards, in a fieldset whose legend is the label. */
export function CheckCards({ id, label, hint, error, choices }: CheckCardsProps) {
  return (
    <fieldset className="mb-5 min-w-0" {...describedBy(id, { hint, error })}>
      <legend className="mb-1.5 font-semibold">{label}</legend>
      {error && <FieldError id={id} message={error} />}
      <div className="grid gap-2">
        {choices.map((choice, position) => (
          <label
            key={choice.name}
            className="flex min-h-14 cursor-pointer items-center gap-3 rounded-field border border-edge bg-card px-3 py-2 hover:bg-tint has-checked:border-link has-checked:ring-1 has-checked:ring-link"
          >
            <input
              type="checkbox"
              name={choice.name}
              defaultChecked={choice.checked}
              className="size-5 shrink-0 accent-link"
              {...(position === 0 && { id })}
            />
            <span className="leading-snug">
              <span className="font-semibold">{choice.label}</span>
              {choice.note && <span className="block text-sm text-muted">{choice.note}</span>}
            </span>
          </label>
        ))}
      </div>
      {hint && <FieldHint id={id}>{hint}</FieldHint>}
    </fieldset>
  );
}
