import { z } from "zod";
import { normaliseEmail } from "@/lib/email";
import {
  DEFAULT_PHONE_COUNTRY,
  PHONE_COUNTRIES,
  PHONE_EXAMPLE,
  PHONE_REASONS,
  type Phone,
  type PhoneCountry,
  type PhoneProblem,
  parsePhone,
} from "@/lib/phone";
import { cleanLine, isReadableName, stripInvisible } from "@/lib/text";
import { isPhoneSignUp } from "../contacts/is-contact-available";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN, PHONE_PASSWORD_LENGTH_MIN } from "./password";
import { isReservedName } from "./reserved-names";

// Messages are keys below `fields.` in the translations; `params` fills their placeholders.

const NAME_LENGTH_MAX = 80;

function nameField(): z.ZodType<string, string> {
  return z
    .string("first_name_required")
    .max(NAME_LENGTH_MAX * 4, "too_long")
    .transform((name) => cleanLine(name.replace(/\s+/g, " ")))
    .pipe(
      z
        .string()
        .max(NAME_LENGTH_MAX, "too_long")
        .refine((name) => name === "" || isReadableName(name), "name_unreadable"),
    );
}

const firstName = nameField().refine((name) => name.length > 0, "first_name_required");

const email = z.string("required").transform((input, context) => {
  const normalised = normaliseEmail(input);
  if (normalised !== null) return normalised;
  context.addIssue({ code: "custom", message: input.trim() === "" ? "required" : "email_invalid" });
  return z.NEVER;
});

/** A number as people write it at home, with the country that it is local to; empty for none. */
const phoneFields = {
  phone: z.string().max(60, "too_long").default(""),
  phoneCountry: z.enum(PHONE_COUNTRIES, "invalid").default(DEFAULT_PHONE_COUNTRY),
};

/** What is wrong with a person's number or names as a whole, told together with what is wrong with single fields. */
const wholePerson = { when: () => true };

function checkPerson(
  typed: { [K in keyof PersonFields]?: PersonFields[K] | undefined },
  context: z.RefinementCtx,
): void {
  const { phone = "", phoneCountry, firstName = "", lastName = "" } = typed;
  const parsed = readOwnPhone(phone, phoneCountry);
  if (parsed && "reason" in parsed) {
    const message = PHONE_REASONS[parsed.reason];
    context.addIssue({ code: "custom", path: ["phone"], message, params: { example: PHONE_EXAMPLE } });
  }
  if (isReservedName(firstName, lastName)) {
    context.addIssue({ code: "custom", path: ["firstName"], message: "name_reserved" });
  }
}

interface PersonFields {
  firstName: string;
  lastName: string;
  phone: string;
  phoneCountry: PhoneCountry;
}

function readOwnPhone(typed: string, country?: PhoneCountry): Phone | PhoneProblem | null {
  return stripInvisible(typed).trim() === "" ? null : parsePhone(typed, country);
}

/** The number that a checked form means, E.164; null for none. */
export function ownPhoneOf({
  phone = "",
  phoneCountry,
}: {
  phone?: string | undefined;
  phoneCountry: PhoneCountry;
}): string | null {
  const parsed = readOwnPhone(phone, phoneCountry);
  return parsed && "e164" in parsed ? parsed.e164 : null;
}

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
    ...phoneFields,
    locale: locale.default("fr"),
  })
  .superRefine(checkPerson, wholePerson);

export type SignUpInput = z.output<typeof signUpSchema>;

/** Empty for none. */
const optionalEmail = z
  .string()
  .default("")
  .transform((input, context) => {
    if (stripInvisible(input).trim() === "") return null;
    const normalised = normaliseEmail(input);
    if (normalised !== null) return normalised;
    context.addIssue({ code: "custom", message: "email_invalid" });
    return z.NEVER;
  });

/** The page's form: by phone number where SMS can be sent and a number is typed, or else by e-mail address. */
export const signUpFormSchema = z
  .object({
    email: optionalEmail,
    password: z
      .string("required")
      .min(PHONE_PASSWORD_LENGTH_MIN, "password_too_short")
      .max(PASSWORD_LENGTH_MAX, "too_long"),
    firstName,
    lastName: nameField().default(""),
    ...phoneFields,
  })
  .superRefine(checkPerson, wholePerson)
  .superRefine(checkWay, wholePerson);

export type SignUpForm = z.output<typeof signUpFormSchema>;

function checkWay(typed: Partial<SignUpForm>, context: z.RefinementCtx): void {
  const { phone = "", email: typedEmail, password = "" } = typed;
  const byPhone = isPhoneSignUp();
  if (byPhone && stripInvisible(phone).trim() !== "") return;
  if (typedEmail === null) {
    const path = byPhone ? "phone" : "email";
    context.addIssue({ code: "custom", path: [path], message: byPhone ? "phone_or_email" : "required" });
  }
  if (password.length < PASSWORD_LENGTH_MIN) {
    const params = { min: PASSWORD_LENGTH_MIN };
    context.addIssue({ code: "custom", path: ["password"], message: "password_too_short", params });
  }
}

/** What a code that was typed looks like is the verb's to say. */
export const codeSchema = z.object({
  code: z.string("required").trim().min(1, "required").max(40, "too_long"),
});

/** The address that a sign-up goes on with, where the SMS doesn't come. */
export const otherAddressSchema = z.object({ email });

/** The password or the PIN, where the account has one. */
const secret = z.string().max(PASSWORD_LENGTH_MAX, "too_long").default("");

export const addPhoneSchema = z
  .object({
    ...phoneFields,
    phone: z.string("required").trim().min(1, "required").max(60, "too_long"),
    secret,
  })
  .superRefine(checkPerson, wholePerson);

export const addEmailSchema = z.object({ email, secret });

export const challengeSchema = z.object({ challengeId: z.uuid("invalid") });

/**
 * Checks only that something was typed: sign-in doesn't reveal which of the two is wrong. `identifier` is an e-mail address or a phone
 * number; one without a calling code belongs to `phoneCountry`.
 */
export const signInSchema = z.object({
  identifier: z.string("required").trim().min(1, "required").max(320, "too_long"),
  phoneCountry: z.enum(PHONE_COUNTRIES, "invalid").default(DEFAULT_PHONE_COUNTRY),
  password: z.string("required").min(1, "required").max(PASSWORD_LENGTH_MAX, "too_long"),
});

export type SignInInput = z.output<typeof signInSchema>;

export const profileSchema = z
  .object({
    firstName,
    lastName: nameField().default(""),
    ...phoneFields,
    // Left out where the number is verified elsewhere: then it stays.
    phone: phoneFields.phone.removeDefault().optional(),
  })
  .superRefine(checkPerson, wholePerson);

export type ProfileInput = z.output<typeof profileSchema>;

export const localeSchema = z.object({ locale });

export const payableByPhoneSchema = z.object({ payableByPhone: z.enum(["yes", "no"], "invalid") });

/** Its length depends on the account too: the verb checks it. */
const replacedPassword = z
  .string("required")
  .min(PHONE_PASSWORD_LENGTH_MIN, "password_too_short")
  .max(PASSWORD_LENGTH_MAX, "too_long");

/** A password as it was typed to confirm something. */
const presentPassword = z.string().max(PASSWORD_LENGTH_MAX, "too_long").default("");

export const changePasswordSchema = z.object({
  currentPassword: presentPassword,
  password: replacedPassword,
});

/** The last step of a forgotten password. */
export const recoverPasswordSchema = z.object({
  password: replacedPassword,
  pin: z.string().trim().max(40, "pin_format").default(""),
});

/** The first step: an e-mail address, or a number that may be local to `phoneCountry`. */
export const forgottenPasswordSchema = z.object({
  identifier: z.string("required").trim().min(1, "required").max(320, "too_long"),
  phoneCountry: z.enum(PHONE_COUNTRIES, "invalid").default(DEFAULT_PHONE_COUNTRY),
});

export const revokeSessionSchema = z.object({ sessionId: z.uuid("invalid") });

/** `keys`: whether the API keys are revoked too. */
export const signOutElsewhereSchema = z.object({ keys: z.literal("on", "invalid").optional() });
