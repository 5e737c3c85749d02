import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { randomFrom } from "../random";
import type { ScenarioPlan } from "../scenario";
import { type Books, openBooks } from "./books";
import { type Detector, detect } from "./detect";
import { tamperWith } from "./scenario";

let books: Books;
beforeAll(async () => {
  books = await openBooks(randomFrom("books"), 3);
}, 180_000);
afterAll(() => books?.close(), 60_000);

/** Runs so many cases of the seed. */
const plan = (count: number): ScenarioPlan => ({
  seed: "3",
  random: (number) => randomFrom(`3/tampering/${number}`),
  *cases() {
    for (let number = 0; number < count; number += 1) yield number;
  },
  isSmoke: true,
  leftMs: () => 0,
  signal: new AbortController().signal,
  home: "",
  progress: () => {},
});

/** As if nobody had ever sealed or exported anything. */
const withoutSeals: Detector = async (tx, exported) => {
  const found = await detect(tx, exported);
  return { ...found, audit: [], seals: [], beside: [] };
};

describe("the proof of tampering", () => {
  it("finds what a superuser does, with seals and an export", async () => {
    const { violations, counts } = await tamperWith(books, plan(25), detect);
    expect(violations).toEqual([]);
    expect(counts.tamperings).toBe(25);
  }, 180_000);

  it("goes red where nobody looks at seals", async () => {
    const { violations } = await tamperWith(books, plan(25), withoutSeals);
    expect(violations.length).toBeGreaterThan(0);
    expect(violations[0]?.what).toContain("expected to find it, seen nothing");
  }, 180_000);

  it("goes red where sound books are called broken", async () => {
    const nervous: Detector = async () => ({ arithmetic: ["something"], audit: [], seals: [], beside: [] });
    const { violations } = await tamperWith(books, plan(0), nervous);
    expect(violations[0]?.what).toContain("expected nothing on sound books");
  });
});
