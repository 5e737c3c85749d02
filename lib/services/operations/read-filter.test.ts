import { describe, expect, it } from "vitest";
import { money } from "@/lib/money/money";
import { readFilter, typedFilterOf } from "./read-filter";

const NOW = new Date("2026-11-30T23:30:00Z");
const read = (query: Record<string, string>, zone = "Africa/Abidjan") =>
  readFilter(typedFilterOf(query), zone, NOW);

describe("the filters of the history", () => {
  it("are none where nothing was typed", () => {
    expect(read({})).toEqual({ filter: {} });
    expect(read({ text: " ", from: "", type: "", amount: "" })).toEqual({ filter: {} });
  });

  it("are read together, days in the reader's zone and both included", () => {
    const query = {
      text: " Awa ",
      type: "transfer",
      status: "succeeded",
      currency: "NGN",
      amount: "₦1,500.50",
      from: "2026-11-01",
      to: "2026-11-15",
    };
    expect(read(query, "Africa/Lagos")).toEqual({
      filter: {
        text: "Awa",
        type: "transfer",
        status: "succeeded",
        currency: "NGN",
        amounts: [money(150_050n, "NGN")],
        from: new Date("2026-10-31T23:00:00Z"),
        to: new Date("2026-11-15T23:00:00Z"),
      },
    });
  });

  it("take a month for its days, unless days are given", () => {
    expect(typedFilterOf({ month: "2026-02" })).toMatchObject({ from: "2026-02-01", to: "2026-02-28" });
    expect(typedFilterOf({ month: "2026-02", to: "2026-03-05" })).toMatchObject({
      from: "",
      to: "2026-03-05",
    });
    expect(read({ month: "2026-13" })).toEqual({ issues: [{ field: "from", reason: "date_invalid" }] });
  });

  it.each([
    ["5000", [money(5_000n, "XOF"), money(500_000n, "NGN")]],
    ["− 5 000 FCFA", [money(5_000n, "XOF")]],
    ["+\u00a0₦5,000.00", [money(500_000n, "NGN")]],
    ["12.50", [money(1_250n, "NGN")]],
  ])("an amount like %s means what it can in each currency", (amount, amounts) => {
    expect(read({ amount })).toEqual({ filter: { amounts } });
  });

  it.each([
    [{ amount: "abc" }, "amount", "not_a_number"],
    [{ amount: "0" }, "amount", "not_positive"],
    [{ amount: "12.50", currency: "XOF" }, "amount", "no_decimals"],
    [{ amount: "1.500", currency: "NGN" }, "amount", "ambiguous"],
    [{ amount: "9".repeat(30) }, "amount", "too_large"],
    [{ type: "gift" }, "type", "unknown_value"],
    [{ type: "__proto__" }, "type", "unknown_value"],
    [{ status: "paid" }, "status", "unknown_value"],
    [{ currency: "EUR" }, "currency", "unknown_value"],
    [{ from: "2026-11-31" }, "from", "date_invalid"],
    [{ from: "2026-12-01" }, "from", "date_future"],
    [{ from: "2026-11-03", to: "2026-11-02" }, "to", "range_reversed"],
    [{ from: "2006-11-03" }, "from", "range_too_long"],
  ])("%j is refused: %s %s", (query, field, reason) => {
    expect(read(query)).toEqual({ issues: [{ field, reason }] });
  });

  it("name everything that is wrong at once", () => {
    expect(read({ from: "x", type: "y", amount: "z" })).toEqual({
      issues: [
        { field: "from", reason: "date_invalid" },
        { field: "type", reason: "unknown_value" },
        { field: "amount", reason: "not_a_number" },
      ],
    });
  });
});
