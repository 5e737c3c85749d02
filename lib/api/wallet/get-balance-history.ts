import { z } from "zod";
import { DEFAULT_PERIOD, PERIODS } from "@/lib/services/balance-history/periods";
import { getBalanceHistory } from "@/lib/services/wallets/get-balance-history";
import { currencyInput, currencyOutput, majorUnits, minorUnits } from "../amount";
import { defineCall } from "../define-call";

const point = z.object({
  at: z.iso.datetime().describe("The end of a day, UTC; now for the last one.").meta({
    example: "2025-01-10T00:00:00.000Z",
  }),
  balance: z.number().describe("Available just before then, in major units.").meta({ example: 15000.5 }),
  balance_minor: z.int().meta({ example: 1500050 }),
});

/** GET /api/wallet/balance-history: the available balance over a period, from the ledger's running balances. */
export const getBalanceHistoryCall = defineCall(
  {
    method: "GET",
    path: "/api/wallet/balance-history",
    tag: "Wallet",
    summary: "Balance over time",
    description:
      "The available balance when the period began, at the end of each day (of each week for a year), and now: oldest first, in days of UTC.",
    access: { permission: "read" },
    query: z.object({
      currency: currencyInput,
      period: z
        .enum(PERIODS)
        .default(DEFAULT_PERIOD)
        .describe("Thirty days, 13 weeks or 52 weeks up to now."),
    }),
    answer: {
      status: 200,
      description: "The balances of the period.",
      schema: z.object({
        currency: currencyOutput,
        period: z.enum(PERIODS),
        points: z.array(point),
      }),
    },
    errors: [],
  },
  async ({ context, query: { currency, period } }) => {
    const { points } = await getBalanceHistory(context, { currency, period, zone: "UTC" });
    return {
      body: {
        currency,
        period,
        points: points.map(({ at, balance }) => ({
          at: at.toISOString(),
          balance: majorUnits(balance),
          balance_minor: minorUnits(balance),
        })),
      },
    };
  },
);
