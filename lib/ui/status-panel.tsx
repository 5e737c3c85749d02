import type { ReactNode } from "react";
import { classNames } from "./class-names";
import { Icon } from "./icons";
import { type OperationState, STATE_LOOK } from "./state-badge";

interface StatusPanelProps {
  state: OperationState;
  /** "Porte-monnaie rechargé", "Retrait en cours": the page's first heading. */
  heading: string;
  /** One reason and one next step. */
  children: ReactNode;
  /** The amount, in large type. */
  amount?: string;
  /** Buttons. */
  actions?: ReactNode;
}

/** The status of one operation: icon, heading, reason, next step. */
export function StatusPanel({ state, heading, children, amount, actions }: StatusPanelProps) {
  const color = state === "done" ? "text-good" : STATE_LOOK[state].color;
  return (
    <section className="rounded-card border border-line bg-card px-5 py-7 text-center print:py-3">
      <span
        className={classNames(
          "mx-auto mb-4 grid size-16 place-items-center rounded-full bg-tint print:hidden",
          color,
        )}
      >
        <Icon name={STATE_LOOK[state].icon} className="size-8" />
      </span>
      {/* Announced when the live page replaces it. */}
      <div role="status">
        <h1 className="text-2xl font-bold tracking-tight">{heading}</h1>
        {amount && <p className="mt-2 text-3xl font-bold tracking-tight">{amount}</p>}
        <div className="mt-2 space-y-2 text-muted">{children}</div>
      </div>
      {actions && <div className="no-print mt-6 flex flex-col gap-2.5">{actions}</div>}
    </section>
  );
}
