import { z } from "zod";
import { requireUser } from "@/lib/services/context";
import { getWallet } from "@/lib/services/wallets/get-wallet";
import { balanceOutput, majorUnits, minorUnits } from "../amount";
import { defineCall } from "../define-call";
import { presentUser, userAnswer } from "./user-answer";

/** GET /api/auth/me: who the access token is of, with wallet number and balances. */
export const getMe = defineCall(
  {
    method: "GET",
    path: "/api/auth/me",
    tag: "Authentication",
    summary: "The signed-in user",
    access: "person",
    answer: {
      status: 200,
      description: "The user, wallet number and balances.",
      schema: userAnswer.extend({
        balances: z.array(balanceOutput),
      }),
    },
    errors: [],
  },
  async ({ context }) => {
    const user = await presentUser(context, requireUser(context));
    const { balances } = await getWallet(context);
    return {
      body: {
        ...user,
        balances: balances.map(({ currency, available, held, owed }) => ({
          currency,
          balance: majorUnits(available),
          available_minor: minorUnits(available),
          held_minor: minorUnits(held),
          owed_minor: minorUnits(owed),
        })),
      },
    };
  },
);
