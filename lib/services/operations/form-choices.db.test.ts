import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { createUser, fundWallet } from "@/e2e/support/people";
import { money } from "@/lib/money/money";
import { PAYSTACK_METHODS } from "@/lib/providers/paystack/methods";
import { overrideProviders } from "@/lib/providers/registry";
import { findLastMethod } from "./find-last-method";
import { listOfferedCurrencies } from "./list-offered-currencies";

const { db } = await useDatabase();

beforeAll(() =>
  overrideProviders([
    createFakeProvider("francs"),
    createFakeProvider("naira", { methods: PAYSTACK_METHODS }),
  ]),
);
afterAll(() => overrideProviders(null));

describe("the currencies of a person's forms", () => {
  it.each([
    ["Ouagadougou", "+22670112233", ["XOF"]],
    ["Abidjan", "+2250712345678", ["XOF"]],
    ["Lagos", "+2348031234567", ["XOF", "NGN"]],
    ["a place that their number doesn't tell", null, ["XOF", "NGN"]],
  ])("somebody in %s is offered what their number's country uses", async (_, phone, expected) => {
    const { context } = await createUser(db, { phone });
    expect(await listOfferedCurrencies(context, "in")).toEqual(expected);
    // Without a number nothing says that there is anything to send in naira.
    expect(await listOfferedCurrencies(context)).toEqual(phone === null ? ["XOF"] : expected);
  });

  it("whoever has or had naira is offered them everywhere", async () => {
    const user = await createUser(db, { phone: "+22670112244" });
    await fundWallet(db, user.walletId, money(50_000n, "NGN"), {
      provider: "naira",
      method: "card",
      phone: null,
    });
    expect(await listOfferedCurrencies(user.context, "out")).toEqual(["XOF", "NGN"]);
  });

  it("nothing is offered that no method moves", async () => {
    const { context } = await createUser(db, { phone: "+2348031234568" });
    overrideProviders([createFakeProvider("francs")]);
    expect(await listOfferedCurrencies(context, "in")).toEqual(["XOF"]);
    overrideProviders([
      createFakeProvider("francs"),
      createFakeProvider("naira", { methods: PAYSTACK_METHODS }),
    ]);
  });
});

describe("the method that was used last", () => {
  it("is the newest in its own direction, and none for a new person", async () => {
    const user = await createUser(db);
    const fund = (method: string) =>
      fundWallet(db, user.walletId, money(1_000n, "XOF"), {
        provider: "francs",
        method,
        phone: "+22670112255",
      });
    expect(await findLastMethod(user.context, "in")).toBeNull();
    await fund("wave");
    await fund("orange_money");
    expect(await findLastMethod(user.context, "in")).toBe("orange_money");
    expect(await findLastMethod(user.context, "out")).toBeNull();
  });
});
