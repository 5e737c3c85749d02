import { createHash } from "node:crypto";

/** What is written down before a draw: everything that decides it but the randomness, which is published later. */
export interface DrawSheet {
  /** The group's code. */
  code: string;
  cycle: number;
  source: DrawSource;
  /** What members added to each share, in the order of the shares: digits, or nothing. */
  numbers: readonly string[];
}

/** A round of the beacon quicknet, or a draw of a national lotto by its name (ASCII, without `|` and `:`) and day. */
export type DrawSource = { kind: "quicknet"; round: number } | { kind: "lotto"; name: string; day: string };

/** As `tirage/1|T7K4Q2|1|4|quicknet:34563412|1:4821|2:77|3:|4:2026`: one line of ASCII. */
export function writeSheet({ code, cycle, source, numbers }: DrawSheet): string {
  const from = source.kind === "quicknet" ? `quicknet:${source.round}` : `lotto:${source.name}:${source.day}`;
  const shares = numbers.map((number, index) => `${index + 1}:${number}`);
  return ["tirage/1", code, cycle, numbers.length, from, ...shares].join("|");
}

export const sha256Hex = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/** What is sent to everybody when a sheet is frozen: the first 12 digits of its SHA-256. */
export const checkDigits = (sheet: string): string => sha256Hex(sheet).slice(0, 12);

export interface DrawnOrder {
  /** SHA-256 of `sheet|randomness`. */
  seed: string;
  /** SHA-256 of `seed:share` for each share, in the order of the shares. */
  keys: readonly string[];
  /** The numbers of the shares as they take: by key, the smallest first. */
  order: readonly number[];
}

/** The order that a frozen sheet and the randomness give. Anybody computes the same with any SHA-256. */
export function drawOrder(sheet: string, randomness: string, shareCount: number): DrawnOrder {
  const seed = sha256Hex(`${sheet}|${randomness}`);
  const keys = Array.from({ length: shareCount }, (_, index) => sha256Hex(`${seed}:${index + 1}`));
  const order = keys
    .map((key, index) => ({ key, share: index + 1 }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ share }) => share);
  return { seed, keys, order };
}

const GENESIS_S = 1_692_803_367;
const PERIOD_S = 3;

/** The newest round of quicknet that is published at this time. */
export const roundAt = (time: Date): number =>
  Math.floor((Math.floor(time.getTime() / 1000) - GENESIS_S) / PERIOD_S) + 1;

/** When a round of quicknet is published. */
export const timeOfRound = (round: number): Date => new Date((GENESIS_S + (round - 1) * PERIOD_S) * 1000);

const LOTTO = { count: 5, highest: 90 };

/** Five numbers of 90 as typed, in any order and with any separators, as a draw uses them: ascending, `3-17-42-60-88`; null for anything else. */
export function readLottoNumbers(typed: string): string | null {
  const numbers = (typed.match(/\d+/g) ?? []).map(Number);
  const isFive = numbers.length === LOTTO.count && new Set(numbers).size === LOTTO.count;
  if (!isFive || !/^[\d\s,;.-]*$/.test(typed)) return null;
  if (!numbers.every((number) => number >= 1 && number <= LOTTO.highest)) return null;
  return numbers.sort((a, b) => a - b).join("-");
}
