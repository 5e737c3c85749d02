import { z } from "zod";
import { PASSWORD_LENGTH_MAX } from "../users/password";
import { isCommonPin } from "./policy";

/** Longer than any PIN; a bound on the hash's work. */
const TYPED_LENGTH_MAX = 40;

/** Mobile money in the region uses four digits; six are for those who want more. */
const PIN = /^[0-9]{4,6}$/;

/** True for what can be a PIN at all: only that is counted as a try. */
export function isPin(typed: string): boolean {
  return PIN.test(typed);
}

/** A PIN that confirms something, as it was typed; `checkPin` checks it. */
export const typedPin = z.string().trim().max(TYPED_LENGTH_MAX, "pin_format").default("");

const newPin = z
  .string("required")
  .trim()
  .min(1, "required")
  .regex(PIN, "pin_format")
  .refine((pin) => !isCommonPin(pin), "pin_common");

interface NewPin {
  pin: string;
  pinAgain: string;
}

function checkSamePin({ pin, pinAgain }: NewPin, context: z.RefinementCtx): void {
  if (pin === pinAgain) return;
  context.addIssue({ code: "custom", path: ["pinAgain"], message: "pin_mismatch" });
}

const newPinFields = { pin: newPin, pinAgain: z.string("required").trim().min(1, "required") };

/** Where to go on to. */
const next = z.string().max(2_000).default("");

/** The page's form for a first PIN, and for another one. */
export const setPinSchema = z
  .object({
    ...newPinFields,
    currentPin: typedPin,
    /** The PIN's version when the page was opened. */
    version: z.string().max(40).default(""),
    next,
  })
  .superRefine(checkSamePin);

/** The page's form for a forgotten PIN: what it asked for of the two. */
export const resetPinSchema = z
  .object({
    ...newPinFields,
    password: z.string().max(PASSWORD_LENGTH_MAX, "too_long").default(""),
    challengeId: z.string().max(40).default(""),
    code: z.string().trim().max(40, "too_long").default(""),
  })
  .superRefine(checkSamePin);

/** Where the code of a forgotten PIN goes. */
export const pinCodeSchema = z.object({ kind: z.enum(["phone", "email"], "invalid") });

export const keepPinSchema = z.object({ pin: typedPin });
