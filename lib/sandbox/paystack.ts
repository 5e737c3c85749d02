import { type Handler, type Incoming, isSame } from "./http";
import { listBanks, resolveAccount } from "./paystack-banks";
import type { PaystackOptions } from "./paystack-call";
import { initialize, verifyCharge } from "./paystack-charges";
import { checkoutPage } from "./paystack-checkout";
import { listEntries } from "./paystack-lists";
import { refuse } from "./paystack-shapes";
import { createTransfers } from "./paystack-transfers";

function isAuthentic(incoming: Incoming, { account }: PaystackOptions): boolean {
  return isSame(incoming.headers.get("authorization") ?? "", `Bearer ${account.secretKey}`);
}

/** Simulates Paystack below /paystack: what a merchant's server calls, and the checkout page. */
export function createPaystack(options: PaystackOptions): Handler {
  const transfers = createTransfers(options);
  return (incoming) => {
    const path = incoming.url.pathname.slice("/paystack".length);
    const accessCode = /^\/checkout\/([0-9a-f]{16})$/.exec(path)?.[1];
    if (accessCode) return checkoutPage(incoming, accessCode, options);
    if (!isAuthentic(incoming, options)) return refuse(401, "invalid_key", "Invalid key");
    const route = `${incoming.method} ${path}`;
    const charge = /^GET \/transaction\/verify\/([A-Za-z0-9.=-]{1,64})$/.exec(route)?.[1];
    if (charge) return verifyCharge(charge, options);
    if (route === "POST /transaction/initialize") return initialize(incoming, options);
    if (route === "GET /transaction") return listEntries("collection", incoming, options);
    if (route === "GET /transfer") return listEntries("payout", incoming, options);
    if (route === "GET /bank") return listBanks(incoming);
    if (route === "GET /bank/resolve") return resolveAccount(incoming);
    return transfers(incoming, route);
  };
}
