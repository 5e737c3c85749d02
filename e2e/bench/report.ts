import type { Load } from "./run-callers";

/** One measurement of a case, with its limit measured right before or after. */
export interface Sample {
  load: Load;
  title: string;
  aim: number | null;
  product: number;
  limit: number;
  nodeCores: number;
}

/** The middle of `values`; the mean of the two middle ones when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

const COLUMNS = [34, 12, 12, 9, 16, 8, 14];

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => (index === 0 ? cell.padEnd(COLUMNS[0] ?? 0) : cell.padStart(COLUMNS[index] ?? 0)))
    .join("")
    .trimEnd();
}

const whole = (value: number) => Math.round(value).toLocaleString("en").replaceAll(",", " ");
const times = (value: number) => `${value.toFixed(2)}×`;

/** The table that `npm run bench` prints: medians, and the ratio of each pair's median with its spread. */
export function formatReport(samples: readonly Sample[], limitName: string): string[] {
  const lines: string[] = [];
  for (const load of ["uniform", "hot"] as const) {
    const place = load === "uniform" ? "uniform over the wallets" : "one hot account";
    lines.push("", row([place, "product/s", `${limitName}/s`, "ratio", "spread", "aim", "Node cores"]));
    for (const [title, group] of groupByTitle(samples.filter((sample) => sample.load === load))) {
      const ratios = group.map(({ product, limit }) => product / limit);
      const aim = group[0]?.aim ?? null;
      const isMissed = aim !== null && median(ratios) < aim;
      lines.push(
        row([
          title,
          whole(median(group.map(({ product }) => product))),
          whole(median(group.map(({ limit }) => limit))),
          times(median(ratios)),
          `${times(Math.min(...ratios))}–${times(Math.max(...ratios))}`,
          aim === null ? "–" : `≥ ${aim}×`,
          median(group.map(({ nodeCores }) => nodeCores)).toFixed(2),
        ]) + (isMissed ? "  below its aim" : ""),
      );
    }
  }
  return lines;
}

function groupByTitle(samples: readonly Sample[]): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) groups.set(sample.title, [...(groups.get(sample.title) ?? []), sample]);
  return groups;
}

/** The rate of a case on one hot account, relative to the same case over all wallets. */
export function formatHotBesideUniform(samples: readonly Sample[], title: string): string {
  const of = (load: Load) =>
    median(samples.filter((s) => s.load === load && s.title === title).map(({ product }) => product));
  const ratio = of("hot") / of("uniform");
  return `${title}: hot ${times(ratio)} of uniform, aim ≥ 1×${ratio < 1 ? "  below its aim" : ""}`;
}
