import { DomainError } from "@/lib/errors";
import { isCommonPassword } from "./common-passwords";
import { PASSWORD_LENGTH_MIN, PHONE_PASSWORD_LENGTH_MIN } from "./password";
import type { UserRow } from "./store";

/** The shortest password of an account: eight characters where a verified number stands beside it. */
export function passwordMinOf({ phoneVerifiedAt }: Pick<UserRow, "phoneVerifiedAt">): number {
  return phoneVerifiedAt === null ? PASSWORD_LENGTH_MIN : PHONE_PASSWORD_LENGTH_MIN;
}

/** The rule for a new password of an account that exists. Throws `validation_failed` for one that is too short or guessed first. */
export async function requireGoodPassword(user: UserRow, password: string): Promise<void> {
  const min = passwordMinOf(user);
  if (password.length < min) {
    const issues = [{ field: "password", reason: "password_too_short", values: { min } }];
    throw new DomainError("validation_failed", { issues });
  }
  if (await isCommonPassword(password, user)) {
    throw new DomainError("validation_failed", {
      issues: [{ field: "password", reason: "password_common" }],
    });
  }
}
