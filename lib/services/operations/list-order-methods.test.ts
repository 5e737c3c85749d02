import { afterAll, beforeAll, expect, it } from "vitest";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { PAYSTACK_METHODS } from "@/lib/providers/paystack/methods";
import { overrideProviders } from "@/lib/providers/registry";
import { listOrderMethods } from "./list-order-methods";

beforeAll(() =>
  overrideProviders([
    createFakeProvider("francs"),
    createFakeProvider("naira", { methods: PAYSTACK_METHODS }),
  ]),
);
afterAll(() => overrideProviders(null));

it("each method says what the form has to ask for", () => {
  expect(listOrderMethods("in", "NGN").map(({ method, asks }) => [method, asks])).toEqual([
    ["card", "email"],
    ["bank", "email"],
  ]);
  expect(listOrderMethods("out", "NGN")).toMatchObject([{ method: "bank", asks: "bank_account" }]);
  expect(listOrderMethods("in", "XOF")[0]).toMatchObject({ asks: "phone" });
});
