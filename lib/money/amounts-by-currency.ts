import { z } from "zod";
import { CURRENCY_CODES, type Currency, isCurrency, minorPerMajor } from "./currency";

const ITEM = /^([A-Z]{3})=(0|[1-9]\d{0,11})$/;

/**
 * A setting such as `XOF=25000,NGN=25000`: whole major units by currency; one that isn't named keeps its default. Answers minor
 * units.
 */
export function amountsByCurrency(defaults: Readonly<Record<Currency, bigint>>) {
  return z
    .string()
    .default("")
    .transform((text, context): Record<Currency, bigint> => {
      const amounts = { ...defaults };
      for (const item of text.split(",").map((each) => each.trim())) {
        if (item === "") continue;
        const [, currency = "", amount = ""] = ITEM.exec(item) ?? [];
        if (!isCurrency(currency)) {
          context.addIssue(
            `must be whole amounts by currency, such as ${CURRENCY_CODES.map((each) => `${each}=25000`).join(",")}`,
          );
          return z.NEVER;
        }
        amounts[currency] = BigInt(amount);
      }
      const minor = CURRENCY_CODES.map((code) => [code, amounts[code] * minorPerMajor(code)] as const);
      return Object.fromEntries(minor) as Record<Currency, bigint>;
    });
}
