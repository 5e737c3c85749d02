import fc from "fast-check";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { parseHtml } from "@/e2e/support/html";
import { BalanceChart, type ChartPoint, drawBalance } from "./balance-chart";

type Points = [ChartPoint, ...ChartPoint[]];

function pointsOf(...amounts: [bigint, ...bigint[]]): Points {
  const [first, ...others] = amounts.map((amountMinor) => ({ amountMinor }));
  return [first as ChartPoint, ...others];
}

/** The corners of a path, which has only straight lines between whole coordinates. */
function cornersOf(path: string): [number, number][] {
  expect(path).toMatch(/^M\d+,\d+(?:L\d+,\d+)*Z?$/);
  return [...path.matchAll(/(\d+),(\d+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

describe("a balance as a picture", () => {
  it("is a step for each balance, from zero to a round amount", () => {
    const { linePath, areaPath, ticks } = drawBalance(pointsOf(0n, 5_000n, 5_000n, 2_500n));
    expect(linePath).toBe("M0,1000L0,167L333,167L333,167L667,167L667,583L1000,583");
    expect(areaPath).toContain("1000,1000");
    expect(ticks.map(({ amountMinor, y }) => [amountMinor, y])).toEqual([
      [0n, 1_000],
      [2_000n, 667],
      [4_000n, 333],
      [6_000n, 0],
    ]);
  });

  it.each([
    ["of an empty wallet is a level line at the bottom", pointsOf(0n, 0n, 0n), "M0,1000L1000,1000"],
    ["of a balance that stays is a level line", pointsOf(400n, 400n, 400n), "M0,0L1000,0"],
    ["of one point is a level line", pointsOf(400n), "M0,0L1000,0"],
    ["of one point of nothing is one at the bottom", pointsOf(0n), "M0,1000L1000,1000"],
  ])("%s", (_, points, path) => {
    expect(cornersOf(drawBalance(points).linePath)).toEqual(expect.arrayContaining(cornersOf(path)));
    expect(new Set(cornersOf(drawBalance(points).linePath).map(([, y]) => y)).size).toBe(1);
  });

  it("names no amount but zero for an empty wallet", () => {
    expect(drawBalance(pointsOf(0n, 0n)).ticks).toEqual([{ amountMinor: 0n, y: 1_000 }]);
  });

  it("stays inside its frame, whatever the balances, and ends at the last one's height", () => {
    const amount = fc.bigInt({ min: 0n, max: 5_000_000_000_000_000n });
    const amounts = fc.oneof(
      fc.array(amount, { minLength: 1, maxLength: 120 }),
      fc.array(fc.bigInt({ min: 0n, max: 3n }), { minLength: 1, maxLength: 20 }),
    );
    fc.assert(
      fc.property(amounts, (list) => {
        const points = pointsOf(...(list as [bigint, ...bigint[]]));
        const { linePath, areaPath, ticks } = drawBalance(points);
        const corners = [...cornersOf(linePath), ...cornersOf(areaPath)];
        for (const value of [...corners.flat(), ...ticks.map(({ y }) => y)]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1_000);
        }
        expect(ticks.every(({ amountMinor }) => amountMinor >= 0n)).toBe(true);
        expect(cornersOf(linePath).at(-1)?.[0]).toBe(1_000);
        const highest = list.reduce((most, each) => (each > most ? each : most), 0n);
        if (highest > 0n && list.at(-1) === highest) {
          expect(cornersOf(linePath).at(-1)?.[1]).toBe(Math.min(...cornersOf(linePath).map(([, y]) => y)));
        }
      }),
    );
  });
});

it("a balance is one image with a title and a description, without numbers that aren't any", () => {
  const html = renderToStaticMarkup(
    createElement(BalanceChart, {
      id: "chart",
      title: "Solde <disponible>",
      description: "De 0 à 2 500 FCFA",
      points: pointsOf(0n, 5_000n, 2_500n),
      formatTick: (amount) => `${amount} FCFA`,
      ends: ["31 oct.", "30 nov."],
    }),
  );
  expect(html).not.toMatch(/NaN|undefined|Infinity|style=|<script/);
  const svg = parseHtml(html).querySelector("svg");
  expect(svg?.getAttribute("role")).toBe("img");
  const [title, text] = (svg?.getAttribute("aria-labelledby") ?? "").split(" ");
  expect(svg?.querySelector(`#${title}`)?.text).toBe("Solde <disponible>");
  expect(svg?.querySelector(`#${text}`)?.text).toBe("De 0 à 2 500 FCFA");
  expect(svg?.querySelectorAll("text").map((each) => each.text)).toEqual([
    "0 FCFA",
    "2000 FCFA",
    "4000 FCFA",
    "6000 FCFA",
  ]);
});
