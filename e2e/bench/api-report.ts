import type { ApiCase } from "./api-cases";
import type { HistoryResult } from "./api-history";
import type { ApiResult } from "./api-load";
import { median } from "./report";

/** One measurement of a case. */
export interface ApiSample extends ApiResult {
  round: number;
  title: string;
  aim: ApiCase["aim"];
}

const COLUMNS = [42, 10, 18, 12, 12, 12, 16];

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => (index === 0 ? cell.padEnd(COLUMNS[0] ?? 0) : cell.padStart(COLUMNS[index] ?? 0)))
    .join("")
    .trimEnd();
}

const whole = (value: number) => Math.round(value).toLocaleString("en").replaceAll(",", " ");
const milliseconds = (value: number) => (Number.isNaN(value) ? "–" : `${value.toFixed(1)} ms`);

/** Medians of the rounds; the ratio is to the first case, the posting function, in the same round. */
export function formatApi(samples: readonly ApiSample[]): string[] {
  const titles = [...new Set(samples.map(({ title }) => title))];
  const [base] = titles;
  const posting = new Map(samples.filter(({ title }) => title === base).map((s) => [s.round, s.perSecond]));
  const head = ["over HTTP", "per second", "slowest–fastest", "of posting", "median", "99 of 100", "aim"];
  return [
    "",
    row(head),
    ...titles.map((title) =>
      formatCase(
        samples.filter((s) => s.title === title),
        posting,
      ),
    ),
  ];
}

function formatCase(group: readonly ApiSample[], posting: ReadonlyMap<number, number>): string {
  const rates = group.map(({ perSecond }) => perSecond);
  const ratio = median(group.map(({ round, perSecond }) => perSecond / (posting.get(round) ?? Number.NaN)));
  const rate = median(rates);
  const aim = group[0]?.aim ?? null;
  const { text, isMissed } = compareWithAim(aim, rate, ratio);
  const cells = [
    group[0]?.title ?? "",
    whole(rate),
    `${whole(Math.min(...rates))}–${whole(Math.max(...rates))}`,
    `${ratio.toFixed(2)}×`,
    milliseconds(median(group.map(({ medianMs }) => medianMs))),
    milliseconds(median(group.map(({ slowestHundredthMs }) => slowestHundredthMs))),
    text,
  ];
  return row(cells) + (isMissed ? "  below its aim" : "");
}

function compareWithAim(
  aim: ApiCase["aim"],
  rate: number,
  ratio: number,
): { text: string; isMissed: boolean } {
  if (aim === null) return { text: "–", isMissed: false };
  if ("perSecond" in aim) return { text: `≥ ${whole(aim.perSecond)}/s`, isMissed: rate < aim.perSecond };
  return { text: `≥ ${aim.timesPosting}×`, isMissed: ratio < aim.timesPosting };
}

/** Two pages of one wallet's history, the cost of the deepest relative to the newest, and its balance over time. */
export function formatHistory({ operations, first, deepest, balance }: HistoryResult): string[] {
  const page = (title: string, { perSecond, medianMs, slowestHundredthMs }: ApiResult, aim = "") =>
    row([title, whole(perSecond), "", "", milliseconds(medianMs), milliseconds(slowestHundredthMs), aim]);
  const ratio = first.perSecond / deepest.perSecond;
  return [
    "",
    row([`history of ${whole(operations)} operations`, "pages/s", "", "", "median", "99 of 100"]),
    page("newest page, 20 rows, 8 connections", first),
    page("deepest page", deepest),
    page("balances of 92 days, 1 connection", balance, "≤ 20 ms"),
    `The deepest page costs ${ratio.toFixed(2)}× the newest, aim ≤ 1×${ratio > 1.1 ? "  above its aim" : ""}`,
  ];
}
