import { scaleLinear } from "d3-scale";
import { area, curveStepBefore, line } from "d3-shape";
import { classNames } from "./class-names";

/** The picture's own units: it is stretched to the room there is, and its lines and texts aren't. */
const SIZE = 1_000;
const TICKS = 3;

export interface ChartPoint {
  amountMinor: bigint;
}

const STRETCHED = {
  viewBox: `0 0 ${SIZE} ${SIZE}`,
  preserveAspectRatio: "none",
} as const;

const LINE = {
  className: "fill-none stroke-link stroke-2",
  strokeLinejoin: "round",
  vectorEffect: "non-scaling-stroke",
} as const;

interface BalanceChartProps {
  /** Unique in the page: for the ids of title and description. */
  id: string;
  /** What the picture shows, and what is to be seen in it, for those who don't see it. */
  title: string;
  description: string;
  /** Oldest first: the balance before the first step, then at the end of each. Never below zero. */
  points: readonly [ChartPoint, ...ChartPoint[]];
  /** Writes an amount of the scale. */
  formatTick: (amountMinor: bigint) => string;
  /** Below the picture: when it begins and ends. */
  ends: readonly [string, string];
  className?: string;
}

/**
 * A balance over time as an SVG, drawn on the server: equal steps, each as high as the balance at its end. Its colours are the
 * theme's. Title and description come first in it, as screen readers expect.
 */
export function BalanceChart(props: BalanceChartProps) {
  const { id, title, description, points, formatTick, ends, className } = props;
  const { linePath, areaPath, ticks } = drawBalance(points);
  return (
    <div className={className}>
      <svg
        role="img"
        aria-labelledby={`${id}-title ${id}-text`}
        className="block h-44 w-full overflow-visible sm:h-56"
      >
        <title id={`${id}-title`}>{title}</title>
        <desc id={`${id}-text`}>{description}</desc>
        <svg {...STRETCHED} aria-hidden="true" width="100%" height="100%">
          <path d={areaPath} className="fill-tint" />
          {ticks.map(({ y }) => (
            <path key={y} d={`M0,${y}H${SIZE}`} className="stroke-line" vectorEffect="non-scaling-stroke" />
          ))}
          <path d={linePath} {...LINE} />
        </svg>
        {ticks.map(({ amountMinor, y }) => (
          <text
            key={y}
            x="0"
            y={`${y / 10}%`}
            dy={y === 0 ? "1.1em" : "-0.35em"}
            className="fill-muted stroke-card stroke-4 text-xs [paint-order:stroke]"
          >
            {formatTick(amountMinor)}
          </text>
        ))}
      </svg>
      <p aria-hidden="true" className="mt-1.5 flex justify-between gap-4 text-xs text-muted">
        {ends.map((end, index) => (
          <span key={end} className={classNames(index === 1 && "text-right")}>
            {end}
          </span>
        ))}
      </p>
    </div>
  );
}

/** The same without scale and words, beside a link to the whole picture. */
export function BalanceSparkline({ points }: Pick<BalanceChartProps, "points">) {
  return (
    <svg {...STRETCHED} aria-hidden="true" className="block h-10 w-24 shrink-0 overflow-visible">
      <path d={drawBalance(points).linePath} {...LINE} />
    </svg>
  );
}

interface Drawing {
  linePath: string;
  areaPath: string;
  /** Amounts of the scale, with how far from the top they stand. */
  ticks: { amountMinor: bigint; y: number }[];
}

/** The paths of a balance, in whole units from the top left. A single point is a level line. */
export function drawBalance(points: readonly [ChartPoint, ...ChartPoint[]]): Drawing {
  const heights = points.map(({ amountMinor }) => Number(amountMinor));
  const levels = heights.length === 1 ? [...heights, ...heights] : heights;
  const x = scaleLinear([0, levels.length - 1], [0, SIZE]);
  // From zero, so that a small change doesn't look like a large one.
  const highest = Math.max(...levels);
  const y = scaleLinear([0, Math.max(1, highest)], [SIZE, 0]).nice(TICKS);
  const corners = levels
    .map((level, index) => ({ level, index }))
    // Within a level stretch only its ends are needed.
    .filter(({ level, index }) => levels[index - 1] !== level || levels[index + 1] !== level);
  const atX = ({ index }: { index: number }) => Math.round(x(index));
  const atY = ({ level }: { level: number }) => Math.round(y(level));
  const outline = line<(typeof corners)[number]>(atX, atY).curve(curveStepBefore);
  const surface = area<(typeof corners)[number]>(atX, SIZE, atY).curve(curveStepBefore);
  return {
    linePath: outline(corners) ?? "",
    areaPath: surface(corners) ?? "",
    ticks: y
      .ticks(TICKS)
      .filter((tick) => tick === 0 || (highest > 0 && Number.isInteger(tick)))
      .map((tick) => ({ amountMinor: BigInt(tick), y: Math.round(y(tick)) })),
  };
}
