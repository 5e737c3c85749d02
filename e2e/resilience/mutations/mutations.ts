import { API_ACCESS_MUTATIONS } from "./api-access-mutations";
import { BOUNDARY_MUTATIONS } from "./boundary-mutations";
import { DEPOSIT_MUTATIONS } from "./deposit-mutations";
import { IDENTITY_MUTATIONS } from "./identity-mutations";
import { LEDGER_MUTATIONS } from "./ledger-mutations";
import type { Mutation } from "./mutation";
import { PAYOUT_MUTATIONS } from "./payout-mutations";
import { PROVIDER_EVENT_MUTATIONS } from "./provider-event-mutations";
import { SERVER_MUTATIONS } from "./server-mutations";
import { TRANSFER_MUTATIONS } from "./transfer-mutations";
import { WITHDRAWAL_MUTATIONS } from "./withdrawal-mutations";

/** Every mutation that a test must catch; its index is its case number. */
export const MUTATIONS: readonly Mutation[] = [
  ...LEDGER_MUTATIONS,
  ...DEPOSIT_MUTATIONS,
  ...PROVIDER_EVENT_MUTATIONS,
  ...PAYOUT_MUTATIONS,
  ...WITHDRAWAL_MUTATIONS,
  ...TRANSFER_MUTATIONS,
  ...API_ACCESS_MUTATIONS,
  ...IDENTITY_MUTATIONS,
  ...BOUNDARY_MUTATIONS,
  ...SERVER_MUTATIONS,
];
