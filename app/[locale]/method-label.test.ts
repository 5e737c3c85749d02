import { expect, test } from "vitest";
import { DEFAULT_PAYMENT_METHODS, OTHER_PAYMENT_METHODS } from "@/lib/providers/payment-methods";
import { carrierName, methodLabel, TRANSLATED } from "./method-label";

const french = ((method: "visa" | "card" | "bank") =>
  ({ visa: "Carte Visa", card: "Carte bancaire", bank: "Compte bancaire" })[method]) as unknown as Parameters<
  typeof methodLabel
>[1];

test("a method whose default name is English words is translated; a brand, and a deployment's own name, are not", () => {
  const defaults = { ...DEFAULT_PAYMENT_METHODS, ...OTHER_PAYMENT_METHODS };
  for (const method of ["visa", "card", "bank"] as const) {
    expect(TRANSLATED[method]).toBe(defaults[method].name);
  }
  expect(methodLabel({ method: "visa", methodName: "Visa Card" }, french)).toBe("Carte Visa");
  expect(methodLabel({ method: "wave", methodName: "Wave" }, french)).toBe("Wave");
  expect(methodLabel({ method: "visa", methodName: "Visa Ecobank" }, french)).toBe("Visa Ecobank");
});

test("in a sentence the provider answers for a method without a brand", () => {
  const card = { method: "card", methodName: "Card", providerTitle: "Paystack" };
  expect(carrierName(card)).toBe("Paystack");
  expect(carrierName({ method: "wave", methodName: "Wave", providerTitle: "GetMiPay" })).toBe("Wave");
});
