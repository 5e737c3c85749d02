import type { ContactKind } from "../contacts/contact";

/** From the first code to the new password. */
export const RECOVERY_MINUTES = 30;

/** A number that its owner hasn't used here for so long may be somebody else's by now: operators give silent numbers away. */
export const STALE_PHONE_DAYS = 180;

/** For how long nothing goes out after a recovery with weak evidence. */
export const WEAK_RECOVERY_STOP_HOURS = 72;

/** What shows, beside the code to the first contact, that the account is the person's. */
export type Evidence = "device" | "other_code" | "pin" | "none";

export interface RecoveryState {
  firstContact: ContactKind;
  /** The account has another contact that was verified. */
  hasOtherContact: boolean;
  isPhoneStale: boolean;
}

/**
 * What a recovery may do: `limited` replaces the password and limits money out, `stopped` stops it for {@link WEAK_RECOVERY_STOP_HOURS}
 * hours, `refused` does nothing. Numbers are given to somebody else, so a code by SMS alone is never enough; mailboxes aren't, so a code by
 * e-mail is, where the account has nothing better.
 */
export function verdictOf(
  evidence: Evidence,
  { firstContact, hasOtherContact, isPhoneStale }: RecoveryState,
): "limited" | "stopped" | "refused" {
  switch (evidence) {
    case "device":
      return "limited";
    case "other_code":
      // One of the two came by SMS: then the mailbox alone speaks for the person.
      return firstContact === "email" && isPhoneStale ? "stopped" : "limited";
    case "pin":
      return firstContact === "phone" && isPhoneStale ? "stopped" : "limited";
    case "none":
      if (firstContact === "phone") return "refused";
      return hasOtherContact && !isPhoneStale ? "refused" : "stopped";
  }
}
