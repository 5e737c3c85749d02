import { describe, expect, test } from "vitest";
import { type BookRecord, bookKeyOf, compareBooks } from "./compare";

const EARLIER = new Date("2026-11-22T10:00Z");
const SETTLED = new Date("2026-11-22T11:00Z");
const LATER = new Date("2026-11-22T11:30Z");

const record = (change: Partial<BookRecord> = {}): BookRecord => ({
  direction: "in",
  subject: "TXN-1",
  state: "succeeded",
  currency: "NGN",
  movedMinor: 5_000n,
  isFinal: true,
  isKnownThere: false,
  createdAt: EARLIER,
  changedAt: EARLIER,
  ...change,
});
const bookOf = (...records: BookRecord[]) => new Map(records.map((one) => [bookKeyOf(one), one]));
const kindsOf = (ours: BookRecord[], theirs: BookRecord[]) =>
  compareBooks(bookOf(...ours), bookOf(...theirs), SETTLED).found.map(({ kind }) => kind);

const still = { movedMinor: 0n };
const open = { movedMinor: 0n, isFinal: false };

describe("two books", () => {
  test.each<[string, BookRecord[], BookRecord[]]>([
    ["say the same", [record()], [record()]],
    ["know of nothing that moved", [record(still)], [record({ ...still, state: "failed" })]],
    ["differ in what never moved anything here", [record({ ...open, state: "pending" })], []],
    ["differ in what never moved anything there", [], [record({ ...open, state: "pending" })]],
    ["both wait", [record(open)], [record(open)]],
    ["are empty", [], []],
  ])("that %s have no break", (_, ours, theirs) => {
    expect(kindsOf(ours, theirs)).toEqual([]);
  });

  test.each<[string, BookRecord[], BookRecord[], string]>([
    ["money that came and isn't here", [], [record()], "missing_here"],
    ["money of an unknown currency that isn't here", [], [record({ movedMinor: null })], "missing_here"],
    ["money that we booked and isn't there", [record()], [], "missing_there"],
    ["what was taken on and isn't there", [record({ ...open, isKnownThere: true })], [], "missing_there"],
    ["one unit", [record()], [record({ movedMinor: 5_001n })], "amount_differs"],
    ["the currency", [record()], [record({ currency: "XOF" })], "amount_differs"],
    ["an amount that isn't told", [record()], [record({ movedMinor: null })], "amount_differs"],
    ["a payment that never reached us", [record(open)], [record()], "state_differs"],
    ["a payment that was taken back", [record()], [record(still)], "state_differs"],
    ["an end that never reached us", [record(open)], [record(still)], "state_differs"],
    ["the direction", [record()], [record({ direction: "out" })], "missing_there,missing_here"],
  ])("%s is a break", (_, ours, theirs, kinds) => {
    expect(kindsOf(ours, theirs).join()).toBe(kinds);
  });

  test.each(["ours", "theirs"])("what changed a moment ago in %s is left undecided", (side) => {
    const [our, their] = [record({ changedAt: EARLIER }), record({ movedMinor: 1n })];
    (side === "ours" ? our : their).changedAt = LATER;
    const { found, undecided } = compareBooks(bookOf(our), bookOf(their), SETTLED);
    expect([found, [...undecided]]).toEqual([[], ["in TXN-1"]]);
  });

  test("a break says what each side has", () => {
    const [found] = compareBooks(
      bookOf(record()),
      bookOf(record({ movedMinor: 4_000n, state: "odd" })),
      SETTLED,
    ).found;
    expect(found).toEqual({
      kind: "amount_differs",
      direction: "in",
      subject: "TXN-1",
      currency: "NGN",
      ourState: "succeeded",
      ourMinor: 5_000n,
      theirState: "odd",
      theirMinor: 4_000n,
      occurredAt: EARLIER,
    });
  });
});
