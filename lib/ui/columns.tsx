import type { ReactNode } from "react";
import { classNames } from "./class-names";

interface ColumnsProps {
  children: ReactNode;
  /** Beside the content from 1024 px on, below it on smaller screens. */
  side: ReactNode;
  /** Which of the two gets the room that is left: `side` after a form or a card, `content` before a few lines. */
  wide?: "content" | "side";
}

/** Two columns where there is room. The first section of the side begins at the top. */
export function Columns({ children, side, wide = "side" }: ColumnsProps) {
  return (
    <div
      className={classNames(
        "lg:grid lg:items-start lg:gap-x-8 print:block",
        wide === "side"
          ? "lg:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]"
          : "lg:grid-cols-[minmax(0,1fr)_16rem]",
      )}
    >
      <div className="min-w-0">{children}</div>
      <div className="min-w-0 lg:[&>section:first-child]:mt-0">{side}</div>
    </div>
  );
}
