import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider } from "@/e2e/support/fake-provider";
import { createContext, createUser } from "@/e2e/support/people";
import { PAYSTACK_METHODS } from "@/lib/providers/paystack/methods";
import { ProviderError } from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import type { Context } from "../context";
import { startApiDeposit } from "./start-api-deposit";
import { startDeposit } from "./start-deposit";

const { db, owner } = await useDatabase();
const naira = createFakeProvider(`naira${randomUUID().slice(0, 8)}`, { methods: PAYSTACK_METHODS });
const yes = naira.onCollection;
const no = async () => {
  throw new ProviderError("declined", "test");
};

beforeEach(() => {
  naira.onCollection = yes;
  overrideProviders([naira]);
});
afterAll(() => overrideProviders(null));

const links = {
  returnUrl: (reference: string) => `http://localhost/wallet/topup/${reference}`,
  locale: "fr",
  defaultCountry: "BF",
} as const;

/** The same context, whose database is lost after its first transaction. */
function lostAfterCommit(context: Context): Context {
  let transactions = 0;
  const lost = new Proxy(db, {
    get(target, name) {
      if (name !== "transaction") return Reflect.get(target, name);
      return async (work: Parameters<typeof db.transaction>[0]) => {
        transactions += 1;
        if (transactions > 1) throw Object.assign(new Error("lost"), { code: "CONNECTION_ENDED" });
        return await target.transaction(work);
      };
    },
  });
  return { ...context, db: lost };
}

describe("a deposit that is committed when something unexpected fails", () => {
  const bug = async () => {
    throw new TypeError("a bug of the adapter");
  };

  it.each([
    ["the adapter", bug, (context: Context) => context],
    ["the database, after the provider's yes", yes, lostAfterCommit],
    ["the database, after the provider's no", no, lostAfterCommit],
  ])("in %s has an unknown outcome for the API, and a reference", async (_, answer, contextOf) => {
    const { userId } = await createUser(db);
    const context = createContext(db, { kind: "api_key", userId, keyId: 1n });
    naira.onCollection = answer;
    const input = { amountMinor: 500_000n, currency: "NGN", key: randomUUID() } as const;
    const error = await startApiDeposit(contextOf(context), input).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "outcome_unknown" });
    const { reference } = (error as { details: { reference: string } }).details;
    const [row] = await owner`select * from operations where reference = ${reference}`;
    expect(row).toMatchObject({ state: "pending", payment_url: null });
  });

  it("is shown as pending on its page", async () => {
    const { context } = await createUser(db);
    naira.onCollection = bug;
    const form = { amount: "5000", phone: "", method: "", currency: "NGN", key: randomUUID() } as const;
    const operation = await startDeposit(context, form, links);
    expect(operation).toMatchObject({ status: "in_progress", paymentUrl: null });
  });
});
