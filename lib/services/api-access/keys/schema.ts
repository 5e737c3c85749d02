import { z } from "zod";
import { typedPin } from "@/lib/services/identity/pin/schema";
import { cleanLine, isReadableLabel, ONE_LINE_PATTERN } from "@/lib/text";

export const API_PERMISSIONS = [
  "deposit",
  "transfer",
  "read",
  "withdraw",
  "tontine:read",
  "tontine:pay",
] as const;
export type ApiPermission = (typeof API_PERMISSIONS)[number];

/** One hour, day, calendar month or calendar year. */
export const API_KEY_EXPIRIES = ["1H", "1D", "1M", "1Y"] as const;
export type ApiKeyExpiry = (typeof API_KEY_EXPIRIES)[number];

const NAME_LENGTH_MAX = 80;
const PERMISSIONS_SENT_MAX = 20;

const name = z
  .string("required")
  .max(NAME_LENGTH_MAX * 4, "too_long")
  .overwrite(cleanLine)
  .min(1, "required")
  .max(NAME_LENGTH_MAX, "too_long")
  .refine(isReadableLabel, "name_unreadable")
  .describe("On one line, with at least one visible character.")
  .meta({ pattern: ONE_LINE_PATTERN });

const expiry = z.enum(API_KEY_EXPIRIES, "invalid");

/** A key's id as clients send it: a number of at most 2^53 - 1, or 1 to 18 digits. */
const keyId = z
  .union([z.int().positive(), z.string().regex(/^[1-9][0-9]{0,17}$/)], "wrong_format")
  .describe("A number up to 9007199254740991, or 1 to 18 digits as a text.")
  .transform((value) => BigInt(value));

/** The API's; a form sends an empty text where none was typed. */
const pin = typedPin
  .describe(
    "The wallet's PIN: for a key with `transfer` or `withdraw`, unless the person signed in at most ten minutes ago.",
  )
  .meta({ maxLength: 40 });

export const createApiKeySchema = z.strictObject({
  name,
  permissions: z
    .array(z.enum(API_PERMISSIONS, "invalid"), "required")
    .min(1, "required")
    .max(PERMISSIONS_SENT_MAX, "too_long")
    .transform((sent) => [...new Set(sent)]),
  expiry,
  pin,
});

type CreateApiKeyFields = z.output<typeof createApiKeySchema>;
/** Without `pin` as with an empty one. */
export type CreateApiKeyInput = Omit<CreateApiKeyFields, "pin"> & { pin?: string };

export const revokeApiKeySchema = z.strictObject({ key_id: keyId });

export const rolloverApiKeySchema = z.strictObject({ expired_key_id: keyId, expiry, pin });

const checked = z.literal("on", "invalid").optional();

/** The page's form: a box for each permission. */
export const createKeyFormSchema = z.object({
  name,
  deposit: checked,
  transfer: checked,
  read: checked,
  withdraw: checked,
  "tontine:read": checked,
  "tontine:pay": checked,
  expiry,
  pin: typedPin,
  /** The idempotency key. */
  key: z.string().min(1).max(255),
});

export const renewKeyFormSchema = z.object({ keyId, expiry, pin: typedPin });

export const revokeKeyFormSchema = z.object({ keyId });
