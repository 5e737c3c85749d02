import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { listMethods } from "@/lib/providers/methods";
import { type Bank, type BankDirectory, ProviderError } from "@/lib/providers/provider";
import { findProvider } from "@/lib/providers/registry";
import type { TypedAccount } from "./check-account";

/** A bank account with its holder's name, as the bank gives it. */
export interface NamedAccount extends TypedAccount {
  bankName: string;
  accountName: string;
}

/** The provider that pays out to bank accounts. Throws `method_unavailable` when none does. */
export function bankPayoutProvider(): string {
  const offer = listMethods({ direction: "out" }).find(({ asks }) => asks === "bank_account");
  if (!offer) throw new DomainError("method_unavailable");
  return offer.provider;
}

function directoryOf(provider: string): BankDirectory {
  const banks = findProvider(provider)?.banks;
  if (!banks) throw new DomainError("method_unavailable");
  return banks;
}

/** The banks that `provider` pays out to, by name; cached for an hour. Throws `provider_unavailable`. */
export async function banksOf(provider: string): Promise<readonly Bank[]> {
  try {
    return await directoryOf(provider).listBanks();
  } catch (error) {
    throw toDomainError(error);
  }
}

/**
 * Looks up the holder of a bank account, at the provider: never inside a transaction. Throws `validation_failed` for an unknown bank,
 * `invalid_destination` for an account that doesn't exist, `provider_unavailable`.
 */
export async function lookUpAccountHolder(provider: string, account: TypedAccount): Promise<NamedAccount> {
  const { bankCode, accountNumber } = account;
  const bank = (await banksOf(provider)).find(({ code }) => code === bankCode);
  if (!bank) {
    const issues = [{ field: "bankCode", reason: "bank_unknown" }];
    throw new DomainError("validation_failed", { issues });
  }
  try {
    const { accountName } = await directoryOf(provider).resolveAccount(bankCode, accountNumber);
    return {
      bankCode,
      accountNumber,
      bankName: bank.name,
      accountName: accountName.replace(/\s+/g, " ").trim(),
    };
  } catch (error) {
    throw toDomainError(error);
  }
}

/** Look-ups move no money, so no failure of one is an unknown outcome. */
function toDomainError(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  log.warn({ kind: error.kind, code: error.providerCode }, "bank directory query failed");
  if (error.kind !== "invalid_destination") return new DomainError("provider_unavailable");
  const issues = [{ field: "accountNumber", reason: "account_not_found" }];
  return new DomainError("invalid_destination", { issues });
}
