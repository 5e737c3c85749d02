import { CREDENTIAL_MUTANTS } from "./api-access-mutations";
import { RIM_MUTANTS } from "./boundary-mutations";
import { DEPOSIT_MUTANTS } from "./deposit-mutations";
import { LEDGER_MUTANTS } from "./ledger-mutations";
import type { Mutant } from "./mutation";
import { PAYOUT_MUTANTS } from "./payout-mutations";
import { WEBHOOK_MUTANTS } from "./provider-event-mutations";
import { HOUSE_MUTANTS } from "./server-mutations";
import { SESSION_MUTANTS } from "./session-mutations";
import { TRANSFER_MUTANTS } from "./transfer-mutations";
import { WITHDRAWAL_MUTANTS } from "./withdrawal-mutations";

/** Every defect that must be caught. */
export const MUTANTS: readonly Mutant[] = [
  ...LEDGER_MUTANTS,
  ...DEPOSIT_MUTANTS,
  ...WEBHOOK_MUTANTS,
  ...PAYOUT_MUTANTS,
  ...WITHDRAWAL_MUTANTS,
  ...TRANSFER_MUTANTS,
  ...CREDENTIAL_MUTANTS,
  ...SESSION_MUTANTS,
  ...RIM_MUTANTS,
  ...HOUSE_MUTANTS,
];
