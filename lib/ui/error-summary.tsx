import { Icon } from "./icons";

interface ErrorSummaryProps {
  /** The sentence of `errors.<code>`. */
  heading: string;
  /** In the order of the fields; each links to its control. */
  errors?: readonly { fieldId: string; message: string }[];
}

// React ignores autoFocus on elements that aren't controls: that attribute only works in server-rendered HTML.
const takeFocus = (summary: HTMLDivElement | null) => summary?.focus();

/** The errors of a form, linked to their fields. Takes the focus when it is shown, with and without JavaScript. */
export function ErrorSummary({ heading, errors = [] }: ErrorSummaryProps) {
  return (
    <div
      id="errors"
      ref={takeFocus}
      role="alert"
      tabIndex={-1}
      // biome-ignore lint/a11y/noAutofocus: after a refused form the reader starts at what is wrong (WCAG 3.3.1)
      autoFocus
      className="mb-5 rounded-card border-2 border-bad bg-card p-4"
    >
      <p className="flex gap-2 font-bold text-bad">
        <Icon name="warning" className="mt-0.5 size-5" />
        {heading}
      </p>
      {errors.length > 0 && (
        <ul className="mt-1 ml-7 list-disc">
          {errors.map((error) => (
            <li key={error.fieldId + error.message}>
              <a
                href={`#${error.fieldId}`}
                className="flex min-h-11 items-center py-1 underline underline-offset-4"
              >
                {error.message}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
