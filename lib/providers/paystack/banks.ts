import { z } from "zod";
import { parseJson } from "../exchange";
import { type Bank, type BankDirectory, ProviderError } from "../provider";
import { callWithoutMoney, readData, readOnlyQuery } from "./answer";
import type { PaystackClient } from "./client";

const CACHE_MS = 60 * 60 * 1000;
const BANKS_MAX = 1000;
const PAGES_MAX = 10;
const PAGE_SIZE = 100;
const RESOLVED_MAX = 500;

const bank = z.object({
  name: z.string().trim().min(1).max(100),
  code: z.string().regex(/^[0-9A-Za-z]{2,12}$/),
  active: z.boolean().default(true),
  is_deleted: z.boolean().nullish(),
});
const page = z.object({ meta: z.object({ next: z.string().max(200).nullish() }).nullish() });
const resolved = z.object({ account_number: z.string(), account_name: z.string().trim().min(1).max(200) });

/** Caches responses for an hour, failures never; per key only one query runs at a time. */
function remember<Value>(now: () => number, sizeMax: number) {
  const known = new Map<string, { until: number; value: Promise<Value> }>();
  return (key: string, ask: () => Promise<Value>): Promise<Value> => {
    const before = known.get(key);
    if (before && before.until > now()) return before.value;
    const entry = { until: now() + CACHE_MS, value: ask() };
    known.delete(key);
    const [oldest] = known.keys();
    if (known.size >= sizeMax && oldest !== undefined) known.delete(oldest);
    known.set(key, entry);
    entry.value.catch(() => {
      if (known.get(key) === entry) known.delete(key);
    });
    return entry.value;
  };
}

/** A bank that can't be read is left out; the others stay. */
function readBanks(data: unknown): Bank[] {
  if (!Array.isArray(data)) throw new ProviderError("outcome_unknown", "malformed_answer");
  return data.flatMap((row) => {
    const { success, data } = bank.safeParse(row);
    return success && data.active && !data.is_deleted ? [{ code: data.code, name: data.name }] : [];
  });
}

async function fetchBanks(client: PaystackClient): Promise<Bank[]> {
  const byCode = new Map<string, Bank>();
  let next: string | null = "";
  for (let count = 0; next !== null && count < PAGES_MAX; count += 1) {
    const cursor: string = next === "" ? "" : `&next=${encodeURIComponent(next)}`;
    const answer = await client.get(`/bank?currency=NGN&use_cursor=true&perPage=${PAGE_SIZE}${cursor}`);
    for (const each of readBanks(readData(answer))) {
      if (!byCode.has(each.code) && byCode.size < BANKS_MAX) byCode.set(each.code, each);
    }
    next = page.safeParse(parseJson(answer.body)).data?.meta?.next ?? null;
  }
  return [...byCode.values()].sort((one, other) => one.name.localeCompare(other.name, "en"));
}

async function fetchName(client: PaystackClient, bankCode: string, accountNumber: string) {
  const query = new URLSearchParams({ account_number: accountNumber, bank_code: bankCode });
  const parsed = resolved.safeParse(readData(await client.get(`/bank/resolve?${query}`)));
  if (!parsed.success || parsed.data.account_number !== accountNumber) {
    throw new ProviderError("outcome_unknown", "malformed_answer");
  }
  return { accountName: parsed.data.account_name };
}

/** Whatever its code, a refusal of this query is about the account. */
function asRefusal(error: unknown): never {
  if (error instanceof ProviderError && error.kind === "declined") {
    throw new ProviderError("invalid_destination", error.providerCode);
  }
  throw error;
}

/** Nigeria's banks and the names behind their accounts, each cached for an hour. */
export function createBankDirectory(client: PaystackClient, now: () => number = Date.now): BankDirectory {
  const banks = remember<Bank[]>(now, 1);
  const names = remember<{ accountName: string }>(now, RESOLVED_MAX);
  return {
    listBanks: () => banks("NGN", () => readOnlyQuery(() => fetchBanks(client))),
    async resolveAccount(bankCode, accountNumber) {
      if (!/^[0-9]{10}$/.test(accountNumber) || !/^[0-9A-Za-z]{2,12}$/.test(bankCode)) {
        throw new ProviderError("invalid_destination", "malformed_account");
      }
      return await names(`${bankCode} ${accountNumber}`, () =>
        callWithoutMoney(() => fetchName(client, bankCode, accountNumber)).catch(asRefusal),
      );
    },
  };
}
