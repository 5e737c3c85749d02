import { expect, it } from "vitest";
import { isCurrency } from "./currency";

it("a currency is a code of the table, and no other name that an object has", () => {
  expect(["XOF", "NGN"].every(isCurrency)).toBe(true);
  for (const other of ["", "xof", "EUR", "toString", "constructor", "__proto__"])
    expect(isCurrency(other), other).toBe(false);
});
