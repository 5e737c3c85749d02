import { BidiText } from "./bidi-text";
import { classNames } from "./class-names";
import { Icon, type IconName } from "./icons";
import { type OperationState, StateBadge } from "./state-badge";

/** One row; all texts are formatted and translated. */
export interface OperationItem {
  href: string;
  icon: IconName;
  /** "Retrait Orange Money". */
  title: string;
  /** Masked number or reference, and the hour. */
  subtitle: string;
  /** What its sender wrote, on a line of its own; a long one is cut to fit. */
  note?: string | null;
  /** Signed and formatted: `− 2 000 FCFA`. */
  amount: string;
  /** `in` is green; money that was returned or never moved is `neutral`. */
  direction: "in" | "out" | "neutral";
  state: OperationState;
  stateLabel: string;
}

export interface OperationDay {
  /** "Aujourd’hui", "Vendredi 20 novembre". */
  heading: string;
  operations: readonly OperationItem[];
}

interface OperationListProps {
  days: readonly OperationDay[];
  /** The heading level of the days. */
  headingLevel?: "h2" | "h3";
}

/** Operations grouped by day, newest first, each a link to its receipt. */
export function OperationList({ days, headingLevel: Heading = "h3" }: OperationListProps) {
  return days.map((day) => (
    <section key={day.heading} className="mt-3">
      <Heading className="mb-1.5 px-0.5 text-sm font-normal text-muted">{day.heading}</Heading>
      <ul className="@container divide-y divide-line overflow-hidden rounded-card border border-line bg-card">
        {day.operations.map((operation) => (
          <li key={operation.href}>
            <OperationRow {...operation} />
          </li>
        ))}
      </ul>
    </section>
  ));
}

/** Two lines; three on a phone, so that neither a name nor an amount wraps. */
function OperationRow(operation: OperationItem) {
  return (
    <a
      href={operation.href}
      className="flex items-start gap-3 px-3.5 py-3 -outline-offset-4 hover:bg-tint/50"
    >
      <span className="mt-0.5 grid size-10 shrink-0 place-items-center rounded-field bg-tint @max-[13rem]:hidden">
        <Icon name={operation.icon} />
      </span>
      <span className="flex min-w-0 grow flex-wrap items-baseline gap-x-3 @min-[26rem]:grid @min-[26rem]:grid-cols-[1fr_auto]">
        <span className="basis-full leading-snug font-semibold">
          <BidiText text={operation.title} />
        </span>
        <span
          className={classNames(
            "order-3 ml-auto text-right font-semibold @min-[15rem]:whitespace-nowrap @min-[26rem]:order-none",
            operation.direction === "in" && "text-good",
          )}
        >
          {operation.amount}
        </span>
        <span className="order-1 basis-full text-sm text-muted @min-[26rem]:order-none">
          <BidiText text={operation.subtitle} />
        </span>
        {operation.note && (
          <bdi className="order-4 line-clamp-2 basis-full text-left text-sm text-muted wrap-anywhere @min-[26rem]:col-span-2">
            {operation.note}
          </bdi>
        )}
        <span className="order-2 @min-[26rem]:order-none @min-[26rem]:ml-auto">
          <StateBadge state={operation.state} label={operation.stateLabel} />
        </span>
      </span>
    </a>
  );
}
