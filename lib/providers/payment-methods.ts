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

const method = z.strictObject({ name: z.string().trim().min(1).max(40), enabled: z.boolean() });

const methods = z
  .strictObject({
    wave: method,
    orange_money: method,
    moov_money: method,
    mtn_money: method,
    visa: method,
    card: method,
    bank: method,
  })
  .partial();

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/**
 * PAYMENT_METHODS in the seed's shape, `{"wave": {"name": "Wave", "enabled": true}}`: a method that it names
 * replaces the default, one that it leaves out keeps it. Unknown methods and other shapes are refused.
 */
export const paymentMethodsSetting = z
  .string()
  .default("")
  .transform((value, context): PaymentMethods => {
    if (value.trim() === "") return ALL_METHODS;
    const json = parseJson(value);
    if (json === undefined) {
      context.addIssue("must be JSON");
      return z.NEVER;
    }
    const result = methods.safeParse(json);
    if (!result.success) {
      for (const { path, message } of result.error.issues)
        context.addIssue({ code: "custom", path, message });
      context.addIssue(`known methods are ${Object.keys(ALL_METHODS).join(", ")}`);
      return z.NEVER;
    }
    const named = Object.entries(result.data).filter(([, each]) => each !== undefined);
    return { ...ALL_METHODS, ...Object.fromEntries(named) };
  });
