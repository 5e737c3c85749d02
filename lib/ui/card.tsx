import type { ReactNode } from "react";
import { classNames } from "./class-names";

/** A surface with a hairline border and no shadow, for one topic. */
export function Card({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div className={classNames("rounded-card border border-line bg-card", className ?? "p-5")}>
      {children}
    </div>
  );
}
