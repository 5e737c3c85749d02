import { classNames } from "./class-names";
import { Icon } from "./icons";

interface ErrorSummaryProps {
  /** The sentence of `errors.<code>`. */
  heading: string;
  /** In the order of the fields; each links to its control. */
  errors?: readonly { fieldId: string; message: string }[];
  /** True where nothing is wrong: the form was filled in with what was typed before. */
  isNotice?: boolean;
  /** A way on. */
  link?: { path: string; label: string };
  /** True in a server component, which has no refs: there `autofocus` alone gives it the focus. */
  isServerRendered?: boolean;
}

// React ignores autoFocus on elements that aren't controls: that attribute only works in server-rendered HTML.
const takeFocus = (summary: HTMLDivElement | null) => summary?.focus();

/** The errors of a form, linked to their fields. Takes the focus when it is shown, with and without JavaScript. */
export function ErrorSummary(props: ErrorSummaryProps) {
  const { heading, errors = [], isNotice = false, link, isServerRendered = false } = props;
  return (
    <div
      id="errors"
      {...(!isServerRendered && { ref: takeFocus })}
      role="alert"
      tabIndex={-1}
      // biome-ignore lint/a11y/noAutofocus: after a refused form the reader starts at what is wrong (WCAG 3.3.1)
      autoFocus
      className={classNames(
        "mb-5 rounded-card border-2 bg-card p-4",
        isNotice ? "border-link" : "border-bad",
      )}
    >
      <p className={classNames("flex gap-2 font-bold", isNotice ? "text-link" : "text-bad")}>
        <Icon name={isNotice ? "info" : "warning"} className="mt-0.5 size-5" />
        {heading}
      </p>
      {errors.length > 0 && (
        <ul className="mt-1 ml-7 list-disc wrap-anywhere">
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
      {link && (
        <a
          href={link.path}
          className="mt-1 ml-7 inline-flex min-h-11 items-center underline underline-offset-4"
        >
          {link.label}
        </a>
      )}
    </div>
  );
}
