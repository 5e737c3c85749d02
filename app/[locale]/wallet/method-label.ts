import type { getTranslations } from "next-intl/server";

interface Method {
  method: string | null;
  methodName: string;
}

type MethodNames = Awaited<ReturnType<typeof getTranslations<"methods">>>;

/** True for methods whose name isn't a brand's, and so differs between the languages. */
function isTranslated(method: string | null): method is "card" | "bank" {
  return method === "card" || method === "bank";
}

/** A payment method as people call it in their language: "Compte bancaire", "Wave". */
export function methodLabel({ method, methodName }: Method, names: MethodNames): string {
  return isTranslated(method) ? names(method) : methodName;
}

/** "Recharge Wave", "Retrait · Compte bancaire": brands join the sentence, other names stand apart. */
export function methodTitle(operation: Method, names: MethodNames, kind: string, byBrand: string): string {
  return isTranslated(operation.method) ? `${kind} · ${methodLabel(operation, names)}` : byBrand;
}

/** Whose page or answer a sentence speaks of: the brand's, or the provider's where the method is no brand. */
export function carrierName(operation: Method & { providerTitle: string | null }): string {
  const { method, methodName, providerTitle } = operation;
  return isTranslated(method) && providerTitle !== null ? providerTitle : methodName;
}
