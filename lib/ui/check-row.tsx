export interface RowCheck {
  /** The field's name, with the value `on`. */
  name: string;
  label: string;
  checked: boolean;
  /** Shown checked, and not a field of the form. */
  isFixed?: boolean;
}

interface CheckRowProps {
  legend: string;
  note?: string | undefined;
  checks: readonly RowCheck[];
}

/** A few check boxes beside each other, in a fieldset whose legend is the label. */
export function CheckRow({ legend, note, checks }: CheckRowProps) {
  return (
    <fieldset className="min-w-0 border-t border-line py-3 first:border-t-0">
      <legend className="float-left mb-1 w-full font-semibold">{legend}</legend>
      <div className="clear-both flex flex-wrap gap-x-6">
        {checks.map(({ name, label, checked, isFixed = false }) => (
          <label key={name} className="inline-flex min-h-11 cursor-pointer items-center gap-2.5">
            <input
              type="checkbox"
              {...(isFixed ? { checked: true, disabled: true } : { name, defaultChecked: checked })}
              className="size-5 shrink-0 accent-link"
            />
            {label}
          </label>
        ))}
      </div>
      {note && <p className="text-sm text-muted">{note}</p>}
    </fieldset>
  );
}
