import { describe, expect, it } from "vitest";
import { checkDigits, drawOrder, readLottoNumbers, roundAt, timeOfRound, writeSheet } from "./draw-sheet";

const SHEET = {
  code: "T7K4Q2",
  cycle: 1,
  source: { kind: "quicknet", round: 34_563_412 },
  numbers: ["4821", "77", "", "2026"],
} as const;
const RANDOMNESS = "7f".repeat(32);

/** A sheet of so many shares with other numbers in it for each seed. */
const sheetOf = (shares: number, seed: number) =>
  writeSheet({
    ...SHEET,
    numbers: Array.from({ length: shares }, (_, index) => String(seed * 1000 + index)),
  });

describe("the design's vector", () => {
  const sheet = writeSheet(SHEET);

  it("is this sheet, with these check digits", () => {
    expect(sheet).toBe("tirage/1|T7K4Q2|1|4|quicknet:34563412|1:4821|2:77|3:|4:2026");
    expect(checkDigits(sheet)).toBe("9a0842955334");
  });

  it("gives this order", () => {
    const drawn = drawOrder(sheet, RANDOMNESS, 4);
    expect(drawn.order).toEqual([1, 4, 2, 3]);
    expect(drawn.seed).toBe("15fc502a2689e8580af62aa7adedfff60a5b8b0756488f2cea88afc68bd3ffde");
    expect(drawn.keys.map((key) => key.slice(0, 12))).toEqual([
      "0ef2c117bb71",
      "6a5619dbb53a",
      "8c98ff7ce32f",
      "17f9efe0e4ce",
    ]);
  });

  it("is drawn by the round of 5 December 2026, 18:00", () => {
    expect(roundAt(new Date("2026-12-05T18:00:00Z"))).toBe(34_563_412);
    expect(roundAt(new Date("2026-12-05T18:00:02.999Z"))).toBe(34_563_412);
    expect(timeOfRound(34_563_412).toISOString()).toBe("2026-12-05T18:00:00.000Z");
    expect(timeOfRound(27_946_612).toISOString()).toBe("2026-04-20T00:00:00.000Z");
  });
});

describe("a draw", () => {
  it("is a permutation of the shares, and the same each time", () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const shares = 2 + (seed % 60);
      const { order } = drawOrder(sheetOf(shares, seed), RANDOMNESS, shares);
      expect([...order].sort((a, b) => a - b)).toEqual(
        Array.from({ length: shares }, (_, index) => index + 1),
      );
      expect(drawOrder(sheetOf(shares, seed), RANDOMNESS, shares).order).toEqual(order);
    }
  });

  it("changes with each member's number, the randomness and the source", () => {
    const seeds = SHEET.numbers.map((_, changed) =>
      writeSheet({ ...SHEET, numbers: SHEET.numbers.map((number, at) => (at === changed ? "1" : number)) }),
    );
    const sheets = [
      writeSheet(SHEET),
      ...seeds,
      writeSheet({ ...SHEET, source: { kind: "quicknet", round: 34_563_413 } }),
      writeSheet({ ...SHEET, source: { kind: "lotto", name: "LONACI", day: "2026-12-05" } }),
      writeSheet({ ...SHEET, cycle: 2 }),
      writeSheet({ ...SHEET, code: "T7K4Q3" }),
    ];
    const drawn = sheets.map((sheet) => drawOrder(sheet, RANDOMNESS, 4).seed);
    drawn.push(drawOrder(writeSheet(SHEET), "80".repeat(32), 4).seed);
    expect(new Set(drawn).size).toBe(sheets.length + 1);
    expect(new Set(sheets.map(checkDigits)).size).toBe(sheets.length);
  });

  it("gives every share every place about as often", () => {
    const rounds = 6_000;
    const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
    for (let round = 0; round < rounds; round += 1) {
      const { order } = drawOrder(writeSheet(SHEET), String(round), 4);
      for (const [place, share] of order.entries()) {
        const row = counts[share - 1];
        if (row) row[place] = (row[place] ?? 0) + 1;
      }
    }
    for (const count of counts.flat()) expect(Math.abs(count - rounds / 4)).toBeLessThan(150);
  });
});

describe("numbers of a lotto", () => {
  it("are five different ones of 90, in any order and spelling", () => {
    for (const typed of ["88 3 42 17 60", "3,17,42,60,88", "03-17-42-60-88", " 3; 17; 42; 60; 88 "]) {
      expect(readLottoNumbers(typed)).toBe("3-17-42-60-88");
    }
  });

  it.each([["1 2 3 4"], ["1 2 3 4 5 6"], ["1 2 3 4 4"], ["0 1 2 3 4"], ["1 2 3 4 91"], [""], ["1 2 3 4 x5"]])(
    "are not %j",
    (typed) => {
      expect(readLottoNumbers(typed)).toBeNull();
    },
  );
});
