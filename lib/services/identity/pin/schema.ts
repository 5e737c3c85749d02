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

/** The page's form: `currentPin` or `password`, whichever the page asked for. */
export const setPinSchema = z
  .object({
    pin: newPin,
    pinAgain: z.string("required").trim().min(1, "required"),
    currentPin: typedPin,
    password: z.string().max(PASSWORD_LENGTH_MAX, "too_long").default(""),
    /** The PIN's version when the page was opened. */
    version: z.string().max(40).default(""),
    /** Where to go on to. */
    next: z.string().max(2_000).default(""),
  })
  .superRefine((input, context) => {
    if (input.pin === input.pinAgain) return;
    context.addIssue({ code: "custom", path: ["pinAgain"], message: "pin_mismatch" });
  });
