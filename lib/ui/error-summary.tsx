import { Icon } from "./icons";

interface ErrorSummaryProps {
  /** "2 choses à corriger", or the sentence of `errors.<code>` when no field is to blame. */
  heading: string;
  /** In the order of the fields; each links to its control. */
  errors?: readonly { fieldId: string; message: string }[];
}

// React drops autoFocus on what isn't a control, so it only works in the HTML of a first view.
const takeFocus = (summary: HTMLDivElement | null) => summary?.focus();

/** What is wrong, listed and linked, above the form. It takes the focus when the page opens, with or without script. */
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
