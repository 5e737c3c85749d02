import { submitPage } from "@/e2e/support/getmipay-fixture";
import type { BookEntry } from "@/lib/sandbox/book";
import { paymentForm } from "@/lib/sandbox/pay-page";
import type { Sandbox } from "@/lib/sandbox/server";

const TRIES = 3;

/**
 * Pays a collection on the provider's payment page, or cancels it there. Sent again when the connection is lost, as a payer
 * reloads the page: a payment that was made isn't made a second time. Rejects when every try fails.
 */
export async function payCollection(
  sandbox: Pick<Sandbox, "url">,
  { id, paystack }: BookEntry,
  action?: "cancel",
): Promise<void> {
  const page = paystack === undefined ? `/pay/${id}` : `/paystack/checkout/${id}`;
  const form = { ...paymentForm(page), ...(action && { action }) };
  for (let tries = 1; ; tries += 1) {
    try {
      const response = await submitPage(sandbox.url + page, form);
      return await response.body?.cancel();
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}
