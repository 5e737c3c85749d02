import { createHash } from "node:crypto";
import type { Incoming, Reply } from "./http";
import { refuse, worked } from "./paystack-shapes";

/** Nigerian banks with the Central Bank's codes, and some mobile-only banks. */
const BANKS = new Map([
  ["044", "Access Bank"],
  ["023", "Citibank Nigeria"],
  ["050", "Ecobank Nigeria"],
  ["070", "Fidelity Bank"],
  ["011", "First Bank of Nigeria"],
  ["214", "First City Monument Bank"],
  ["058", "Guaranty Trust Bank"],
  ["301", "Jaiz Bank"],
  ["082", "Keystone Bank"],
  ["50211", "Kuda Bank"],
  ["50515", "Moniepoint MFB"],
  ["999992", "OPay Digital Services Limited (OPay)"],
  ["999991", "PalmPay"],
  ["076", "Polaris Bank"],
  ["101", "Providus Bank"],
  ["221", "Stanbic IBTC Bank"],
  ["068", "Standard Chartered Bank"],
  ["232", "Sterling Bank"],
  ["032", "Union Bank of Nigeria"],
  ["033", "United Bank For Africa"],
  ["215", "Unity Bank"],
  ["035", "Wema Bank"],
  ["057", "Zenith Bank"],
]);

const FIRST_NAMES = ["ADAEZE", "BABATUNDE", "CHIDI", "FUNMILAYO", "IBRAHIM", "NGOZI", "TUNDE", "YEMISI"];
const LAST_NAMES = ["ADEYEMI", "BELLO", "EZE", "MOHAMMED", "NWOSU", "OKAFOR", "OLAWALE", "UMAR"];
/** An account that doesn't exist at any bank. */
const MISSING_ACCOUNT = "0000000422";
const PAGE_MAX = 100;

export function bankName(code: string): string | null {
  return BANKS.get(code) ?? null;
}

/** The holder's name, always the same for an account; null when it doesn't exist. */
export function accountName(bankCode: string, accountNumber: string): string | null {
  if (!BANKS.has(bankCode) || !/^[0-9]{10}$/.test(accountNumber)) return null;
  if (accountNumber === MISSING_ACCOUNT) return null;
  const digest = createHash("sha256").update(`${bankCode} ${accountNumber}`).digest();
  const pick = (names: readonly string[], byte: number) => names[(digest[byte] ?? 0) % names.length];
  return `${pick(FIRST_NAMES, 0)} ${pick(LAST_NAMES, 1)}`;
}

/** GET /bank: all at once, or with `use_cursor` page by page. */
export function listBanks({ url }: Incoming): Reply {
  const banks = [...BANKS].map(([code, name], index) => ({
    id: index + 1,
    name,
    slug: name.toLowerCase().replace(/[^a-z]+/g, "-"),
    code,
    longcode: "",
    gateway: null,
    pay_with_bank: false,
    active: true,
    is_deleted: false,
    country: "Nigeria",
    currency: "NGN",
    type: "nuban",
    createdAt: "2020-01-01T00:00:00.000Z",
    updatedAt: "2020-01-01T00:00:00.000Z",
  }));
  const { searchParams } = url;
  if (searchParams.get("use_cursor") !== "true") return worked(200, "Banks retrieved", banks);
  const perPage = Math.min(PAGE_MAX, Number(searchParams.get("perPage") ?? 50) || 50);
  const start = Number(/^cursor:([0-9]{1,4})$/.exec(searchParams.get("next") ?? "")?.[1] ?? 0);
  const next = start + perPage < banks.length ? `cursor:${start + perPage}` : null;
  const meta = { next, previous: null, perPage };
  return worked(200, "Banks retrieved", banks.slice(start, start + perPage), meta);
}

/** GET /bank/resolve?account_number&bank_code. */
export function resolveAccount({ url }: Incoming): Reply {
  const bankCode = url.searchParams.get("bank_code") ?? "";
  const accountNumber = url.searchParams.get("account_number") ?? "";
  if (!BANKS.has(bankCode)) return refuse(400, "invalid_bank_code", "Unknown bank code");
  const name = accountName(bankCode, accountNumber);
  if (name === null) {
    return refuse(422, "invalid_params", "Could not resolve account name. Check parameters or try again.");
  }
  return worked(200, "Account number resolved", {
    account_number: accountNumber,
    account_name: name,
    bank_id: [...BANKS.keys()].indexOf(bankCode) + 1,
  });
}
