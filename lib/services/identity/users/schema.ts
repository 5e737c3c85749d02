import { z } from "zod";
import { normaliseEmail } from "@/lib/email";
import { PHONE_EXAMPLE, PHONE_REASONS, parsePhone } from "@/lib/phone";
import { isCommonPassword, PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "./password";

// Messages are keys below `fields.` in the translations; `params` fills their placeholders.

const NAME_LENGTH_MAX = 80;
// Control characters, halves of surrogate pairs, and those that turn the reading direction around to fake another name.
const PLAIN_TEXT = /^[^\p{Cc}\p{Cs}\u200E\u200F\u202A-\u202E\u2066-\u2069]*$/u;

function nameField(): z.ZodType<string, string> {
  return z
    .string("name_required")
    .max(NAME_LENGTH_MAX * 4, "too_long")
    .transform((name) => name.normalize("NFC").trim().replace(/\s+/g, " "))
    .pipe(z.string().max(NAME_LENGTH_MAX, "too_long").regex(PLAIN_TEXT, "invalid"));
}

const firstName = nameField().refine((name) => name.length > 0, "name_required");

const email = z.string("required").transform((input, context) => {
  const normalised = normaliseEmail(input);
  if (normalised !== null) return normalised;
  context.addIssue({ code: "custom", message: input.trim() === "" ? "required" : "email_invalid" });
  return z.NEVER;
});

/** E.164, or null for none. */
const phone = z.string().transform((input, context) => {
  if (input.trim() === "") return null;
  const parsed = parsePhone(input);
  if ("e164" in parsed) return parsed.e164;
  context.addIssue({
    code: "custom",
    message: PHONE_REASONS[parsed.reason],
    params: { example: PHONE_EXAMPLE },
  });
  return z.NEVER;
});

const locale = z.enum(["fr", "en"], "invalid");

const newPassword = z
  .string("required")
  .min(PASSWORD_LENGTH_MIN, "password_too_short")
  .max(PASSWORD_LENGTH_MAX, "too_long");

export const signUpSchema = z
  .object({
    email,
    password: newPassword,
    firstName,
    lastName: nameField().default(""),
    phone: phone.nullable().default(null),
    locale: locale.default("fr"),
  })
  .superRefine((input, context) => {
    if (!isCommonPassword(input.password, input.email)) return;
    context.addIssue({ code: "custom", path: ["password"], message: "password_common" });
  });

export type SignUpInput = z.output<typeof signUpSchema>;

/** Checks only that something was typed: sign-in doesn't reveal which of the two is wrong. */
export const signInSchema = z.object({
  email: z.string("required").trim().min(1, "required").max(320, "too_long"),
  password: z.string("required").min(1, "required").max(PASSWORD_LENGTH_MAX, "too_long"),
});

export type SignInInput = z.output<typeof signInSchema>;

export const profileSchema = z.object({
  firstName,
  lastName: nameField().default(""),
  phone: phone.nullable().default(null),
});

export type ProfileInput = z.output<typeof profileSchema>;

export const localeSchema = z.object({ locale });

export const revokeSessionSchema = z.object({ sessionId: z.uuid("invalid") });

/** `keys`: whether the API keys are revoked too. */
export const signOutElsewhereSchema = z.object({ keys: z.literal("on", "invalid").optional() });
