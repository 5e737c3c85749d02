import { DomainError } from "@/lib/errors";
import type { checkPin as real } from "@/lib/services/identity/pin/check-pin";
import { TEST_PIN } from "./people";

/**
 * In place of `identity/pin/check-pin` in tests that confirm hundreds of payments: the PIN of test users, without hashing. That verbs
 * ask for it is shown by tests with the real one.
 */
export const checkPin: typeof real = async (_context, pin) => {
  if (pin === "") throw new DomainError("pin_required");
  if (pin !== TEST_PIN) throw new DomainError("pin_wrong", { triesLeft: 4 });
};
