import type { Mutant } from "./mutant";
import { CREDENTIAL_MUTANTS } from "./mutants-credentials";
import { DEPOSIT_MUTANTS } from "./mutants-deposits";
import { HOUSE_MUTANTS } from "./mutants-house";
import { LEDGER_MUTANTS } from "./mutants-ledger";
import { PAYOUT_MUTANTS } from "./mutants-payouts";
import { RIM_MUTANTS } from "./mutants-rim";
import { SESSION_MUTANTS } from "./mutants-sessions";
import { TRANSFER_MUTANTS } from "./mutants-transfers";
import { WEBHOOK_MUTANTS } from "./mutants-webhooks";
import { WITHDRAWAL_MUTANTS } from "./mutants-withdrawals";

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
