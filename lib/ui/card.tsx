import type { ReactNode } from "react";
import { classNames } from "./class-names";

/** One thought: a surface with a hairline and no shadow. */
export function Card({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div className={classNames("rounded-card border border-line bg-card", className ?? "p-5")}>
      {children}
    </div>
  );
}
