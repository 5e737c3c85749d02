import type { getTranslations } from "next-intl/server";

interface Method {
  method: string | null;
  methodName: string;
}

type MethodNames = Awaited<ReturnType<typeof getTranslations<"methods">>>;

/**
 * Methods whose usual name is words of one language, with that name: it is translated, unless the deployment has given
 * the method another one (`PAYMENT_METHODS`).
 */
export const TRANSLATED = { visa: "Visa Card", card: "Card", bank: "Bank account" } as const;

function translatedMethod({ method, methodName }: Method): keyof typeof TRANSLATED | null {
  if (method !== "visa" && method !== "card" && method !== "bank") return null;
  return TRANSLATED[method] === methodName ? method : null;
}

/** A payment method as people call it in their language: "Compte bancaire", "Wave". */
export function methodLabel(operation: Method, names: MethodNames): string {
  const translated = translatedMethod(operation);
  return translated === null ? operation.methodName : names(translated);
}

/** A title such as "Recharge Wave" for a brand, and "Retrait · Compte bancaire" for a translated method. */
export function methodTitle(operation: Method, names: MethodNames, kind: string, byBrand: string): string {
  return translatedMethod(operation) !== null ? `${kind} · ${methodLabel(operation, names)}` : byBrand;
}

/** Who answers for a payment in a sentence: the method's brand, or the provider's name where the method has no brand. */
export function carrierName(operation: Method & { providerTitle: string | null }): string {
  const { methodName, providerTitle } = operation;
  return translatedMethod(operation) !== null && providerTitle !== null ? providerTitle : methodName;
}
