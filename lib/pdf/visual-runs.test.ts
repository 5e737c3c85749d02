import { describe, expect, it } from "vitest";
import { visualRunsOf } from "./visual-runs";

const runs = (text: string) => visualRunsOf(text)(0, text.length);

describe("runs from left to right", () => {
  it("are the text itself where all of it reads from left to right", () => {
    expect(runs("Awa \u2068Ouédraogo\u2069")).toEqual(["Awa Ouédraogo"]);
  });

  it("put names of Arabic among words where they are, in letters that are read from the right", () => {
    expect(runs("De محمد علي à Awa")).toEqual(["De ", "محمد علي", " à Awa"]);
  });

  it("leave numbers in a name readable, on its left when they follow it", () => {
    expect(runs("محمد 2026 علي")).toEqual([" علي", "2026", "محمد "]);
  });

  it("mirror brackets of what reads from the right", () => {
    expect(runs("علي (محمد) علي")).toEqual(["علي )محمد( علي"]);
  });

  it("shape scripts apart, the one that is read first on the right", () => {
    expect(runs("محمد ߒߞߏ")).toEqual(["ߒߞߏ", "محمد "]);
  });

  it("order each line of a paragraph by itself", () => {
    const text = "محمد علي Awa";
    const lineOf = visualRunsOf(text);
    expect(lineOf(0, 4)).toEqual(["محمد"]);
    expect(lineOf(5, text.length)).toEqual(["علي", " Awa"]);
  });
});
