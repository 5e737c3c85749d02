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
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "./password";
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

function checkPerson(typed: Partial<PersonFields>, context: z.RefinementCtx): void {
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
  phone,
  phoneCountry,
}: Pick<PersonFields, "phone" | "phoneCountry">): string | null {
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

/** Checks only that something was typed: sign-in doesn't reveal which of the two is wrong. */
export const signInSchema = z.object({
  email: z.string("required").trim().min(1, "required").max(320, "too_long"),
  password: z.string("required").min(1, "required").max(PASSWORD_LENGTH_MAX, "too_long"),
});

export type SignInInput = z.output<typeof signInSchema>;

export const profileSchema = z
  .object({ firstName, lastName: nameField().default(""), ...phoneFields })
  .superRefine(checkPerson, wholePerson);

export type ProfileInput = z.output<typeof profileSchema>;

export const localeSchema = z.object({ locale });

export const payableByPhoneSchema = z.object({ payableByPhone: z.enum(["yes", "no"], "invalid") });

export const revokeSessionSchema = z.object({ sessionId: z.uuid("invalid") });

/** `keys`: whether the API keys are revoked too. */
export const signOutElsewhereSchema = z.object({ keys: z.literal("on", "invalid").optional() });
