import { paymentForm } from "@/lib/sandbox/pay-page";
import { RefusedError } from "./deployment";

const ANSWER_WITHIN_MS = 5_000;

/** Pays at the sandbox's payment page, as a person with the demo's PIN does. Throws RefusedError. */
export async function payInSandbox(paymentUrl: string | null, sandboxOrigin: string): Promise<void> {
  if (paymentUrl === null) throw new RefusedError("This deposit has no payment page to pay it at.");
  const url = new URL(paymentUrl);
  // Only the sandbox may receive this request: it says that somebody paid.
  if (url.origin !== new URL(sandboxOrigin).origin) {
    throw new RefusedError(`This deposit isn't the sandbox's: its payment page is at ${url.host}.`);
  }
  const answer = await post(url, new URLSearchParams(paymentForm(url.pathname)));
  if (answer.status >= 400) throw new RefusedError(`The sandbox refused the payment (${answer.status}).`);
}

async function post(url: URL, body: URLSearchParams): Promise<Response> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  try {
    return await fetch(url, { method: "POST", body, redirect: "manual", signal });
  } catch {
    throw new RefusedError("The sandbox doesn't answer: is the demo running (npm start)?");
  }
}
