import type { getTranslations } from "next-intl/server";

interface Method {
  method: string | null;
  methodName: string;
}

type MethodNames = Awaited<ReturnType<typeof getTranslations<"methods">>>;

/** True for methods that have no brand name: their name is translated. */
function isTranslated(method: string | null): method is "card" | "bank" {
  return method === "card" || method === "bank";
}

/** A payment method as people call it in their language: "Compte bancaire", "Wave". */
export function methodLabel({ method, methodName }: Method, names: MethodNames): string {
  return isTranslated(method) ? names(method) : methodName;
}

/** A title such as "Recharge Wave" for a brand, and "Retrait · Compte bancaire" for a translated method. */
export function methodTitle(operation: Method, names: MethodNames, kind: string, byBrand: string): string {
  return isTranslated(operation.method) ? `${kind} · ${methodLabel(operation, names)}` : byBrand;
}

/** Who answers for a payment in a sentence: the method's brand, or the provider's name where the method has no brand. */
export function carrierName(operation: Method & { providerTitle: string | null }): string {
  const { method, methodName, providerTitle } = operation;
  return isTranslated(method) && providerTitle !== null ? providerTitle : methodName;
}
