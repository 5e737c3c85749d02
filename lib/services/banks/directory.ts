import { DomainError } from "@/lib/errors";
import { log } from "@/lib/log";
import { listMethods } from "@/lib/providers/methods";
import { type Bank, type BankDirectory, ProviderError } from "@/lib/providers/provider";
import { findProvider } from "@/lib/providers/registry";
import type { TypedAccount } from "./check-account";

/** A bank account whose name its bank gave. */
export interface NamedAccount extends TypedAccount {
  bankName: string;
  accountName: string;
}

/** Who pays out to bank accounts. Throws `method_unavailable` when nobody does. */
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

/** The banks that `provider` pays out to, by name. It remembers them for an hour. Throws `provider_unavailable`. */
export async function banksOf(provider: string): Promise<readonly Bank[]> {
  try {
    return await directoryOf(provider).listBanks();
  } catch (error) {
    throw toDomainError(error);
  }
}

/**
 * Asks whose account it is; never inside a transaction. Throws `validation_failed` for an unknown bank,
 * `invalid_destination` for an account that doesn't exist, `provider_unavailable`.
 */
export async function nameAccount(provider: string, account: TypedAccount): Promise<NamedAccount> {
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

/** Whatever becomes of these questions, no money moved. */
function toDomainError(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  log.warn({ kind: error.kind, code: error.providerCode }, "bank directory");
  if (error.kind !== "invalid_destination") return new DomainError("provider_unavailable");
  const issues = [{ field: "accountNumber", reason: "account_not_found" }];
  return new DomainError("invalid_destination", { issues });
}
