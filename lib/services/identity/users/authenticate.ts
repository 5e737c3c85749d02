import { DomainError } from "@/lib/errors";
import { DEFAULT_PHONE_COUNTRY, type PhoneCountry } from "@/lib/phone";
import type { Context } from "@/lib/services/context";
import { needsSecondStep } from "../totp/get-totp-status";
import { verifyPassword } from "./password";
import { readIdentifier } from "./read-identifier";
import {
  type Budget,
  budgetsOf,
  giveTryBack,
  isOfNetwork,
  type SignInOrigin,
  takeTry,
} from "./sign-in-limits";
import { findUsersByEmail, findUsersByPhone, type UserRow } from "./store";

export interface Authenticated {
  userId: bigint;
  /** What the password was compared with, for `startSession`. */
  passwordHash: string;
  /** A session takes `checkSecondStep` too. */
  needsSecondStep?: true;
}

export interface Credentials {
  /** An e-mail address or a phone number, as typed. */
  identifier: string;
  password: string;
  /** Of a number without calling code. */
  phoneCountry?: PhoneCountry;
}

/** The account that verified an address and the one that claims it; the one that verified a number and the one that had it before. */
const ACCOUNTS_MAX = 2;

/**
 * Whose identifier and password these are. Throws `invalid_credentials`, the same after the same work, for an unknown address or number, a number
 * that the account never verified, a wrong password, an account without one and a frozen one; `rate_limited` as `sign-in-limits.ts`
 * says: after five wrong tries for an account from one network, ten from anywhere, with waits that grow.
 */
export async function authenticate(
  context: Context,
  { identifier, password, phoneCountry = DEFAULT_PHONE_COUNTRY }: Credentials,
  origin: SignInOrigin,
): Promise<Authenticated> {
  const contact = readIdentifier(identifier, phoneCountry);
  const accounts =
    contact === null
      ? []
      : await (contact.kind === "email" ? findUsersByEmail : findUsersByPhone)(context.db, contact.value);
  const typed = contact?.value ?? identifier.toLowerCase();
  const user = await userOfPassword(context, accounts, { typed, password }, origin);
  if (!user) throw new DomainError("invalid_credentials");
  const isSecondStepOn = await needsSecondStep(context.db, user.id);
  return {
    userId: user.id,
    passwordHash: user.passwordHash,
    ...(isSecondStepOn && { needsSecondStep: true }),
  };
}

/**
 * As many hashes for a wrong password as for an unknown person: the time doesn't tell how many accounts there are. A try counts for each account
 * that it is compared with, by number and address together: who owns one of the two has no more guesses at the other's password.
 */
async function userOfPassword(
  context: Context,
  accounts: readonly UserRow[],
  { typed, password }: { typed: string; password: string },
  origin: SignInOrigin,
): Promise<{ id: bigint; passwordHash: string } | null> {
  const taken: Budget[] = [];
  for (let at = 0; at < ACCOUNTS_MAX; at += 1) {
    const user = accounts[at];
    if (user || at === 0) {
      const budgets = budgetsOf(user ? `account ${user.id}` : typed, user?.id ?? null, origin);
      // A network's try counts once.
      const more = budgets.filter(
        ({ name }) => !taken.some((each) => each.name === name && isOfNetwork(name)),
      );
      await takeTry(context, more);
      taken.push(...more);
    }
    const passwordHash = user?.passwordHash ?? null;
    const isRight = await verifyPassword(passwordHash, password);
    if (user && passwordHash !== null && isRight && user.frozenAt === null) {
      await giveTryBack(context, taken);
      return { id: user.id, passwordHash };
    }
  }
  return null;
}
