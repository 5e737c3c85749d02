import { classNames } from "./class-names";

interface ProgressBarProps {
  /** 0 to 100. */
  percent: number;
  /** The same as text below the bar, which is hidden from screen readers. */
  text: string;
  className?: string;
}

/** How far along something is. Drawn with attributes, since the page's policy allows no inline style. */
export function ProgressBar({ percent, text, className }: ProgressBarProps) {
  const isFull = percent >= 100;
  return (
    <div className={className}>
      <svg aria-hidden="true" className="block h-2 w-full overflow-hidden rounded-full">
        <rect width="100%" height="100%" className="fill-line" />
        <rect width={`${percent}%`} height="100%" rx="4" className={isFull ? "fill-good" : "fill-link"} />
      </svg>
      <p className={classNames("mt-1 text-sm", isFull ? "font-semibold text-good" : "text-muted")}>{text}</p>
    </div>
  );
}
