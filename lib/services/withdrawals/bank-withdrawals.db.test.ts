import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { createFakeProvider, providerState } from "@/e2e/support/fake-provider";
import { createContext, createUser, fundWallet, TEST_PIN, type TestUser } from "@/e2e/support/people";
import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { PAYSTACK_METHODS } from "@/lib/providers/paystack/methods";
import {
  type BankDirectory,
  ProviderError,
  type ProviderErrorKind,
  type ProviderState,
} from "@/lib/providers/provider";
import { overrideProviders } from "@/lib/providers/registry";
import { listBanks } from "../banks/list-banks";
import { resolveBankAccount } from "../banks/resolve-bank-account";
import { getOperation } from "../operations/get-operation";
import { getQuote } from "./get-quote";
import { quoteWithdrawal } from "./quote-withdrawal";
import { requestApiWithdrawal } from "./request-api-withdrawal";
import { requestWithdrawal } from "./request-withdrawal";
import { requeueWithdrawals } from "./requeue-withdrawals";
import { submitWithdrawal } from "./submit-withdrawal";

const { db, owner } = await useDatabase();

const ZENITH = { bankCode: "057", accountNumber: "0123456789" };
const NAMED = { ...ZENITH, bankName: "Zenith Bank", accountName: "NGOZI EZE" };
const lookups: string[] = [];
let directoryFails: ProviderErrorKind | null = null;

const banks: BankDirectory = {
  listBanks: async () => [{ code: "057", name: "Zenith Bank" }],
  async resolveAccount(bankCode, accountNumber) {
    lookups.push(`${bankCode} ${accountNumber}`);
    if (directoryFails) throw new ProviderError(directoryFails, "test");
    if (accountNumber === "0000000422") throw new ProviderError("invalid_destination", "test");
    return { accountName: "NGOZI  EZE" };
  },
};

const books = new Map<string, ProviderState>();
const francs = createFakeProvider(`francs${randomUUID().slice(0, 8)}`);
const naira = Object.assign(
  createFakeProvider(`naira${randomUUID().slice(0, 8)}`, {
    methods: PAYSTACK_METHODS,
    queriesPayouts: true,
  }),
  { banks },
);
naira.getPayout = async (reference) =>
  books.get(reference) ?? payoutState({ status: "not_found", amount: null });
const yes = naira.onPayout;

beforeEach(() => {
  naira.onPayout = yes;
  directoryFails = null;
  overrideProviders([francs, naira]);
});
afterAll(() => overrideProviders(null));

const say = (kind: ProviderErrorKind) => async () => {
  throw new ProviderError(kind, "test");
};

function payoutState(overrides: Partial<ProviderState> = {}): ProviderState {
  return providerState(money(200_000n, "NGN"), overrides);
}

const worker = (laterMs = 0) => ({
  ...createContext(db, { kind: "system" }),
  now: new Date(Date.now() + laterMs),
});

const form = (changes = {}) => ({ amount: "2000", currency: "NGN" as const, ...ZENITH, ...changes });
const apiInput = (changes = {}) => ({
  amountMinor: 200_000n,
  currency: "NGN" as const,
  bank: ZENITH,
  key: randomUUID(),
  ...changes,
});

async function richUser(): Promise<TestUser> {
  const user = await createUser(db, { pin: TEST_PIN });
  await fundWallet(db, user.walletId, money(500_000n, "NGN"));
  await fundWallet(db, user.walletId, money(5_000n, "XOF"));
  return user;
}

/** Available and held kobo. */
async function balances({ walletId }: TestUser): Promise<bigint[]> {
  const accounts = [chart.available(walletId, "NGN"), chart.held(walletId, "NGN")];
  return (await getBalances(db, accounts)).map((balance) => balance.amountMinor);
}

async function place(user: TestUser) {
  const { reference } = await requestApiWithdrawal(user.context, apiInput());
  const { id } = await getOperation(user.context, reference);
  return { reference, id };
}

async function stateOf(reference: string): Promise<string> {
  const [row] = await owner<{ state: string }[]>`select state from operations where reference = ${reference}`;
  return row?.state ?? "";
}

/** Dates the events of an operation back, whose table takes no update. */
async function ago(id: bigint, minutes: number): Promise<void> {
  await owner.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`update operation_events set created_at = created_at - ${minutes} * interval '1 minute'
      where operation_id = ${id.toString()}`;
  });
}

const sent = (reference: string) => naira.payouts.filter((payout) => payout.reference === reference);

describe("a withdrawal to a bank account", () => {
  it("shows the name that the bank gave before it is confirmed, and pays out to exactly that account", async () => {
    const user = await richUser();
    const { quoteId } = await quoteWithdrawal(user.context, form({ accountNumber: "01 2345-6789" }), "BF");
    expect(await getQuote(user.context, quoteId)).toMatchObject({
      method: "bank",
      phone: null,
      bank: { name: "Zenith Bank", accountNumber: "0123456789", accountName: "NGOZI EZE" },
      firstTime: true,
      repeats: null,
    });
    const operation = await requestWithdrawal(user.context, { quoteId, pin: TEST_PIN });
    expect(operation).toMatchObject({
      phone: null,
      bank: { name: "Zenith Bank", accountNumber: "0123456789", accountName: "NGOZI EZE" },
    });
    expect(await balances(user)).toEqual([300_000n, 200_000n]);
    await submitWithdrawal(worker(), operation.id);
    expect(sent(operation.reference)).toMatchObject([
      { phone: "", method: "bank", bank: { ...ZENITH, accountName: "NGOZI EZE" } },
    ]);
    books.set(operation.reference, payoutState());
    await submitWithdrawal(worker(), operation.id);
    const again = await quoteWithdrawal(user.context, form(), "BF");
    expect(await getQuote(user.context, again.quoteId)).toMatchObject({
      firstTime: false,
      repeats: operation.reference,
    });
  });

  it.each([
    [{ bankCode: "" }, "bankCode", "bank_required"],
    [{ bankCode: "999" }, "bankCode", "bank_unknown"],
    [{ bankCode: "0'5" }, "bankCode", "bank_unknown"],
    [{ accountNumber: "" }, "accountNumber", "account_number_invalid"],
    [{ accountNumber: "012345678" }, "accountNumber", "account_number_invalid"],
    [{ accountNumber: "01234567890" }, "accountNumber", "account_number_invalid"],
    [{ amount: "0" }, "amount", "not_positive"],
    [{ method: "card" }, "method", "method_unavailable"],
  ])("with %j is refused at %s", async (changes, field, reason) => {
    const user = await richUser();
    const refused = quoteWithdrawal(user.context, form(changes), "BF");
    await expect(refused).rejects.toMatchObject({
      code: "validation_failed",
      details: { issues: [{ field, reason }] },
    });
  });

  it("reports all issues at once", async () => {
    const user = await richUser();
    const refused = quoteWithdrawal(user.context, { currency: "NGN" }, "BF");
    await expect(refused).rejects.toMatchObject({
      details: { issues: [{ field: "amount" }, { field: "bankCode" }, { field: "accountNumber" }] },
    });
  });

  it("to an account that doesn't exist stores nothing", async () => {
    const user = await richUser();
    const refused = quoteWithdrawal(user.context, form({ accountNumber: "0000000422" }), "BF");
    await expect(refused).rejects.toMatchObject({
      code: "invalid_destination",
      details: { issues: [{ field: "accountNumber", reason: "account_not_found" }] },
    });
    expect(await owner`select from quotes where user_id = ${user.userId.toString()}`).toHaveLength(0);
  });

  it("with too little money looks no name up", async () => {
    const user = await richUser();
    const before = lookups.length;
    const refused = quoteWithdrawal(user.context, form({ amount: "5000.01" }), "BF");
    await expect(refused).rejects.toMatchObject({ code: "insufficient_funds" });
    expect(lookups).toHaveLength(before);
  });
});

describe("holders' names of accounts", () => {
  it("are answered with the bank's name, for a limited number of accounts", async () => {
    const user = await createUser(db);
    expect(await listBanks(user.context)).toEqual([{ code: "057", name: "Zenith Bank" }]);
    expect(await resolveBankAccount(user.context, ZENITH)).toEqual(NAMED);
    const looks = await Promise.allSettled(
      Array.from({ length: 34 }, () => resolveBankAccount(user.context, ZENITH)),
    );
    expect(looks.filter(({ status }) => status === "fulfilled")).toHaveLength(29);
    await fundWallet(db, user.walletId, money(500_000n, "NGN"));
    await expect(quoteWithdrawal(user.context, form(), "BF")).rejects.toMatchObject({ code: "rate_limited" });
    await expect(resolveBankAccount((await createUser(db)).context, ZENITH)).resolves.toEqual(NAMED);
  });

  it("are refused for anonymous callers, and where no provider pays out to banks", async () => {
    await expect(listBanks(createContext(db))).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(resolveBankAccount(createContext(db), ZENITH)).rejects.toMatchObject({
      code: "unauthenticated",
    });
    const { context } = await createUser(db);
    directoryFails = "unavailable";
    await expect(resolveBankAccount(context, ZENITH)).rejects.toMatchObject({ code: "provider_unavailable" });
    overrideProviders([francs]);
    await expect(listBanks(context)).rejects.toMatchObject({ code: "method_unavailable" });
  });
});

describe("a payout whose provider has a query", () => {
  it("and doesn't know of it is sent again, with the same reference, and paid once", async () => {
    const user = await richUser();
    const { id, reference } = await place(user);
    naira.onPayout = say("outcome_unknown");
    expect(await submitWithdrawal(worker(), id)).toBe("again");
    expect(await stateOf(reference)).toBe("unknown");
    naira.onPayout = yes;
    expect(await submitWithdrawal(worker(), id)).toBe("done");
    expect(sent(reference)).toHaveLength(2);
    expect(await stateOf(reference)).toBe("submitted");
    books.set(reference, payoutState());
    await submitWithdrawal(worker(), id);
    expect(await balances(user)).toEqual([300_000n, 0n]);
  });

  it("and doesn't know of it, but pays twice for one reference, is not sent it again", async () => {
    const user = await richUser();
    const { id, reference } = await place(user);
    naira.onPayout = say("outcome_unknown");
    await submitWithdrawal(worker(), id);
    naira.onPayout = yes;
    naira.capabilities.payoutReferenceIsIdempotent = false;
    try {
      expect(await submitWithdrawal(worker(), id)).toBe("again");
      expect(await submitWithdrawal(worker(11 * 60_000), id)).toBe("again");
    } finally {
      naira.capabilities.payoutReferenceIsIdempotent = true;
    }
    expect(sent(reference)).toHaveLength(1);
    expect(await stateOf(reference)).toBe("unknown");
    expect(await balances(user)).toEqual([300_000n, 200_000n]);
  });

  it("and had accepted it all the same answers that it is a duplicate: it is submitted", async () => {
    const user = await richUser();
    const { id, reference } = await place(user);
    naira.onPayout = say("outcome_unknown");
    await submitWithdrawal(worker(), id);
    naira.onPayout = say("duplicate");
    expect(await submitWithdrawal(worker(), id)).toBe("done");
    expect(await stateOf(reference)).toBe("submitted");
    expect((await getOperation(user.context, reference)).reason).toBe("awaiting_provider");
  });

  it("and knows of it isn't sent anything again", async () => {
    const user = await richUser();
    const { id, reference } = await place(user);
    naira.onPayout = say("outcome_unknown");
    await submitWithdrawal(worker(), id);
    books.set(reference, payoutState({ status: "pending", providerReference: `theirs-${reference}` }));
    expect(await submitWithdrawal(worker(), id)).toBe("done");
    expect(await stateOf(reference)).toBe("submitted");
    expect(sent(reference)).toHaveLength(1);
    expect((await getOperation(user.context, reference)).providerReference).toBe(`theirs-${reference}`);
  });

  it("and refuses the second try is not believed until a late acceptance is out of the question", async () => {
    const user = await richUser();
    const { id, reference } = await place(user);
    naira.onPayout = say("outcome_unknown");
    await submitWithdrawal(worker(), id);
    naira.onPayout = say("invalid_destination");
    expect(await submitWithdrawal(worker(), id)).toBe("again");
    expect(await stateOf(reference)).toBe("unknown");
    expect(await balances(user)).toEqual([300_000n, 200_000n]);
    expect(await submitWithdrawal(worker(11 * 60_000), id)).toBe("done");
    expect(await stateOf(reference)).toBe("refunded");
    expect(await balances(user)).toEqual([500_000n, 0n]);
  });

  it("counts the time for a late acceptance from the latest attempt whose outcome is unknown", async () => {
    const user = await richUser();
    const { id, reference } = await place(user);
    naira.onPayout = say("outcome_unknown");
    await submitWithdrawal(worker(), id);
    await ago(id, 11);
    // The second attempt times out as well: it may have been accepted a moment ago.
    expect(await submitWithdrawal(worker(), id)).toBe("again");
    naira.onPayout = say("invalid_destination");
    expect(await submitWithdrawal(worker(), id)).toBe("again");
    expect(await stateOf(reference)).toBe("unknown");
    expect(await balances(user)).toEqual([300_000n, 200_000n]);
    // Neither a refusal nor an attempt that never reached the provider begins the time anew.
    naira.onPayout = say("rate_limited");
    expect(await submitWithdrawal(worker(9 * 60_000), id)).toBe("again");
    naira.onPayout = say("invalid_destination");
    expect(await submitWithdrawal(worker(11 * 60_000), id)).toBe("done");
    expect(await stateOf(reference)).toBe("refunded");
    expect(await balances(user)).toEqual([500_000n, 0n]);
  });

  it("counts it so after more attempts than a page of history shows", async () => {
    const user = await richUser();
    const { id, reference } = await place(user);
    naira.onPayout = say("outcome_unknown");
    await submitWithdrawal(worker(), id);
    await ago(id, 11);
    await owner`insert into operation_events (operation_id, from_state, to_state, actor)
      select ${id.toString()}, 'unknown', 'unknown', 'system' from generate_series(1, 120)`;
    await submitWithdrawal(worker(), id);
    naira.onPayout = say("invalid_destination");
    expect(await submitWithdrawal(worker(), id)).toBe("again");
    expect(await stateOf(reference)).toBe("unknown");
  });

  it("is queried once by eight workers' worth of jobs, and sent once more at most", async () => {
    const user = await richUser();
    const { id, reference } = await place(user);
    naira.onPayout = say("outcome_unknown");
    await submitWithdrawal(worker(), id);
    naira.onPayout = yes;
    await Promise.all(Array.from({ length: 8 }, () => submitWithdrawal(worker(), id)));
    expect(sent(reference)).toHaveLength(2);
    expect(await stateOf(reference)).toBe("submitted");
  });

  it("is queried by the sweep when no webhook comes, and ends as the books say", async () => {
    const user = await richUser();
    const [paid, failed] = [await place(user), await place(user)];
    for (const { id } of [paid, failed]) {
      await submitWithdrawal(worker(), id);
      await owner`delete from graphile_worker._private_jobs where payload->>'operationId' = ${id.toString()}`;
    }
    books.set(paid.reference, payoutState());
    books.set(failed.reference, payoutState({ status: "failed" }));
    await requeueWithdrawals(worker(61_000));
    for (const { id, reference } of [paid, failed]) {
      const jobs = await owner`
        select from graphile_worker._private_jobs where payload->>'operationId' = ${id.toString()}`;
      expect(jobs).toHaveLength(1);
      expect(await submitWithdrawal(worker(), id)).toBe("done");
      expect(await stateOf(reference)).toBe(reference === paid.reference ? "paid" : "refunded");
    }
    expect(await balances(user)).toEqual([300_000n, 0n]);
  });

  it("and forgot a payout that it had accepted is queried again, then sent the same reference", async () => {
    const user = await richUser();
    const { id, reference } = await place(user);
    await submitWithdrawal(worker(), id);
    expect(await submitWithdrawal(worker(), id)).toBe("again");
    expect(await stateOf(reference)).toBe("unknown");
    naira.onPayout = say("duplicate");
    expect(await submitWithdrawal(worker(), id)).toBe("done");
    expect(await stateOf(reference)).toBe("submitted");
    expect(await balances(user)).toEqual([300_000n, 200_000n]);
  });

  it("with another amount is settled by nobody, and waits for a person", async () => {
    const user = await richUser();
    const { id, reference } = await place(user);
    await submitWithdrawal(worker(), id);
    books.set(reference, providerState(money(199_900n, "NGN")));
    await submitWithdrawal(worker(), id);
    expect(await stateOf(reference)).toBe("submitted");
    expect(await balances(user)).toEqual([300_000n, 200_000n]);
  });
});
