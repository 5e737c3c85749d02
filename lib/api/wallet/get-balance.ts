import { z } from "zod";
import { invariant } from "@/lib/invariant";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { balanceOutput, currencyInput, majorUnits, minorUnits } from "../amount";
import { defineCall } from "../define-call";

/** GET /api/wallet/balance: the contract's `balance` in major units, and beside it each currency in minor units. */
export const getBalance = defineCall(
  {
    method: "GET",
    path: "/api/wallet/balance",
    tag: "Wallet",
    summary: "Wallet balance",
    access: { permission: "read" },
    query: z.object({ currency: currencyInput }),
    answer: {
      status: 200,
      description: "What can be spent, in the requested currency and in each.",
      schema: balanceOutput.extend({
        wallet_number: z.string().meta({ example: "1234567890128" }),
        balances: z.array(balanceOutput).describe("Every currency."),
      }),
    },
    errors: [],
  },
  async ({ context, query }) => {
    const wallet = await getWallet(context);
    const balances = wallet.balances.map(({ currency, available, held, owed }) => ({
      currency,
      balance: majorUnits(available),
      available_minor: minorUnits(available),
      held_minor: minorUnits(held),
      owed_minor: minorUnits(owed),
    }));
    const requested = balances.find(({ currency }) => currency === query.currency);
    invariant(requested, "a wallet has a balance in each currency");
    return { body: { ...requested, wallet_number: wallet.number, balances } };
  },
);
