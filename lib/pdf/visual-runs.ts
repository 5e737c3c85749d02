import bidiFactory from "bidi-js";

const bidi = bidiFactory();

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const DIRECTION_MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** A font shapes one script at a time. */
const SCRIPTS = [/\p{Script=Arabic}/u, /\p{Script=Nko}/u, /\p{Script=Hebrew}/u];

/** Splits a part of a paragraph into runs as they stand from left to right. A run's own letters are in the order of reading. */
export type VisualRuns = (start: number, end: number) => string[];

/** Prepares a paragraph of a document whose direction is left to right. */
export function visualRunsOf(paragraph: string): VisualRuns {
  if (!RIGHT_TO_LEFT.test(paragraph)) {
    return (start, end) => [paragraph.slice(start, end).replace(DIRECTION_MARKS, "")];
  }
  const embedding = bidi.getEmbeddingLevels(paragraph, "ltr");
  return (start, end) => {
    if (start >= end) return [];
    const order = Array.from({ length: end - start }, (_, offset) => start + offset);
    for (const [from, to] of bidi.getReorderSegments(paragraph, embedding, start, end - 1)) {
      const reversed = order.slice(from - start, to - start + 1).reverse();
      order.splice(from - start, reversed.length, ...reversed);
    }
    return runsInOrder(paragraph, order, embedding.levels);
  };
}

function runsInOrder(paragraph: string, order: readonly number[], levels: Uint8Array): string[] {
  const isReversed = (index: number) => ((levels[index] ?? 0) & 1) === 1;
  const runs: string[] = [];
  for (let at = 0; at < order.length; ) {
    const reversed = isReversed(order[at] ?? 0);
    let next = at;
    while (next < order.length && isReversed(order[next] ?? 0) === reversed) next += 1;
    const indices = order.slice(at, next);
    if (reversed) runs.push(...reversedRuns(paragraph, indices));
    else
      runs.push(
        indices
          .map((index) => paragraph[index])
          .join("")
          .replace(DIRECTION_MARKS, ""),
      );
    at = next;
  }
  return runs.filter((run) => run !== "");
}

/** A stretch from right to left, a run for each script, the last read first. */
function reversedRuns(paragraph: string, indices: readonly number[]): string[] {
  const logical = [...indices]
    .reverse()
    .map((index) => {
      const character = paragraph[index] ?? "";
      return bidi.getMirroredCharacter(character) ?? character;
    })
    .join("")
    .replace(DIRECTION_MARKS, "");
  // The font turns letters of these scripts around itself; marks and spaces alone are turned here.
  return scriptRuns(logical)
    .reverse()
    .map((run) => (RIGHT_TO_LEFT.test(run) ? run : [...run].reverse().join("")));
}

/** Cut where the script changes; what belongs to no script stays with the letters before it. */
function scriptRuns(text: string): string[] {
  const runs: string[] = [];
  let current: RegExp | undefined;
  for (const character of text) {
    const script = SCRIPTS.find((each) => each.test(character));
    const last = runs.at(-1);
    if (last === undefined || (script && current && script !== current)) runs.push(character);
    else runs[runs.length - 1] = last + character;
    current = script ?? current;
  }
  return runs;
}
