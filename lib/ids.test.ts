import { expect, it } from "vitest";
import { groupReference, newReference, readReference } from "./ids";

it("a reference is shown in groups, and read back however it was copied or typed", () => {
  for (let round = 0; round < 200; round += 1) {
    const reference = newReference();
    expect(reference).toMatch(/^TXN-[2-9A-HJKMNP-TV-Z]{12}$/);
    const shown = groupReference(reference);
    expect(shown).toMatch(/^TXN(-[2-9A-Z]{4}){3}$/);
    for (const typed of [reference, shown, shown.toLowerCase(), ` ${shown.replaceAll("-", " ")} `]) {
      expect(readReference(typed)).toBe(reference);
    }
    for (const dash of ["\u2011", "\u2013", "\u2014", ".", "", "_"]) {
      expect(readReference(shown.replaceAll("-", dash))).toBe(reference);
    }
    // Part of one, as the history is searched by.
    expect(readReference(shown.slice(4))).toBe(reference.slice(4));
  }
});

it("what is no reference of ours stays as it is", () => {
  expect(groupReference("API-1")).toBe("API-1");
  expect(groupReference("TXN-ABC")).toBe("TXN-ABC");
});
