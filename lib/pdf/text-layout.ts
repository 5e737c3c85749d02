import { type VisualRuns, visualRunsOf } from "./visual-runs";

export interface Line {
  /** In the order of reading. */
  text: string;
  /** What is drawn, from left to right. */
  runs: { text: string; width: number }[];
  width: number;
}

/** The width of a run that is shaped as one, in points. */
export type Measure = (run: string) => number;

const graphemes = new Intl.Segmenter("fr", { granularity: "grapheme" });

/** Breaks a text into lines of at most this width: at its line breaks, at spaces, and inside of words that are wider than a line. */
export function layOutText(text: string, width: number, measure: Measure): Line[] {
  return text.split("\n").flatMap((paragraph) => layOutParagraph(paragraph, width, measure));
}

function layOutParagraph(paragraph: string, width: number, measure: Measure): Line[] {
  const runsOf = visualRunsOf(paragraph);
  const lineOf = (start: number, end: number) => makeLine(paragraph, runsOf, start, end, measure);
  const whole = lineOf(0, paragraph.length);
  if (whole.width <= width) return [whole];
  const lines: Line[] = [];
  let start = 0;
  while (start < paragraph.length) {
    const end = lineEnd(paragraph, start, (to) => lineOf(start, to).width <= width);
    lines.push(lineOf(start, end));
    start = end;
    while (paragraph[start] === " ") start += 1;
  }
  return lines;
}

/** Where the line that begins at `start` ends: after the last word that fits, or inside of a word that no line can hold. */
function lineEnd(paragraph: string, start: number, fits: (end: number) => boolean): number {
  let end = start;
  while (end < paragraph.length) {
    const space = paragraph.indexOf(" ", end + 1);
    const next = space === -1 ? paragraph.length : space;
    if (!fits(next)) break;
    end = next;
  }
  if (end > start) return end;
  for (const { segment } of graphemes.segment(paragraph.slice(start))) {
    if (end > start && !fits(end + segment.length)) break;
    end += segment.length;
  }
  return end;
}

function makeLine(paragraph: string, runsOf: VisualRuns, start: number, end: number, measure: Measure): Line {
  const runs = runsOf(start, end).map((text) => ({ text, width: measure(text) }));
  return {
    text: paragraph.slice(start, end),
    runs,
    width: runs.reduce((sum, run) => sum + run.width, 0),
  };
}
