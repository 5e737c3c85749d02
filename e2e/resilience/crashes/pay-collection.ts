import type { BookEntry } from "@/lib/sandbox/book";
import { paymentForm } from "@/lib/sandbox/pay-page";
import type { Sandbox } from "@/lib/sandbox/server";

/** Pays a collection on the provider's payment page, or cancels it there. */
export async function payCollection(
  sandbox: Sandbox,
  { id, paystack }: BookEntry,
  action?: "cancel",
): Promise<void> {
  const page = paystack === undefined ? `/pay/${id}` : `/paystack/checkout/${id}`;
  const form = { ...paymentForm(page), ...(action && { action }) };
  const response = await fetch(sandbox.url + page, {
    method: "POST",
    body: new URLSearchParams(form),
    redirect: "manual",
  });
  await response.body?.cancel();
}
