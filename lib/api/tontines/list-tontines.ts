import { z } from "zod";
import { listSummaries as list } from "@/lib/services/tontines/views/list-summaries";
import { defineCall } from "../define-call";
import { cardAnswer, presentCard } from "./answers";

/** GET /api/tontines: the groups of the person, those that go on first. */
export const listTontines = defineCall(
  {
    method: "GET",
    path: "/api/tontines",
    tag: "Tontines",
    summary: "Tontines that the person is a member of",
    access: { permission: "tontine:read" },
    answer: {
      status: 200,
      description: "At most fifty.",
      schema: z.object({
        tontines: z.array(cardAnswer),
        count: z.int().describe("How many there are.").meta({ example: 1 }),
      }),
    },
    errors: [],
  },
  async ({ context }) => {
    const tontines = (await list(context)).map(presentCard);
    return { body: { tontines, count: tontines.length } };
  },
);
