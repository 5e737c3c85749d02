import { z } from "zod";

/** The seed's PAYMENT_METHODS: what each method is called, and whether it is offered. */
export const DEFAULT_PAYMENT_METHODS = {
  wave: { name: "Wave", enabled: true },
  orange_money: { name: "Orange Money", enabled: true },
  moov_money: { name: "Moov Money", enabled: true },
  mtn_money: { name: "MTN Money", enabled: true },
  visa: { name: "Visa Card", enabled: true },
};

/** Methods that the seed's table doesn't have; PAYMENT_METHODS may rename and switch off these too. */
export const OTHER_PAYMENT_METHODS = {
  card: { name: "Card", enabled: true },
  bank: { name: "Bank account", enabled: true },
};

const ALL_METHODS = { ...DEFAULT_PAYMENT_METHODS, ...OTHER_PAYMENT_METHODS };

export type MethodName = keyof typeof ALL_METHODS;

export type PaymentMethods = Record<MethodName, { name: string; enabled: boolean }>;

const setting = z.strictObject({ name: z.string().trim().min(1).max(40), enabled: z.boolean() });

const schema = z
  .strictObject({
    wave: setting,
    orange_money: setting,
    moov_money: setting,
    mtn_money: setting,
    visa: setting,
    card: setting,
    bank: setting,
  })
  .partial();

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new Error("PAYMENT_METHODS: must be JSON");
  }
}

/**
 * PAYMENT_METHODS in the seed's shape, `{"wave": {"name": "Wave", "enabled": true}}`: a method that it names
 * replaces the default, one that it leaves out keeps it. Throws an Error for unknown methods and other shapes.
 */
export function parsePaymentMethods(value: string | undefined): PaymentMethods {
  if (value === undefined || value.trim() === "") return ALL_METHODS;
  const result = schema.safeParse(parseJson(value));
  if (!result.success) {
    const lines = result.error.issues.map(
      (issue) => `${["PAYMENT_METHODS", ...issue.path].join(".")}: ${issue.message}`,
    );
    const known = Object.keys(ALL_METHODS).join(", ");
    throw new Error(`${lines.join("\n")}\nKnown methods: ${known}.`);
  }
  const named = Object.entries(result.data).filter(([, method]) => method !== undefined);
  return { ...ALL_METHODS, ...Object.fromEntries(named) };
}

let parsed: PaymentMethods | undefined;

export function paymentMethods(): PaymentMethods {
  parsed ??= parsePaymentMethods(process.env.PAYMENT_METHODS);
  return parsed;
}
