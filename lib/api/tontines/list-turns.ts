import { z } from "zod";
import { getSummary } from "@/lib/services/tontines/views/get-summary";
import { defineCall } from "../define-call";
import { codeParams, presentTurn, turnAnswer } from "./answers";

/** GET /api/tontines/{code}/turns: in their order. */
export const listTurns = defineCall(
  {
    method: "GET",
    path: "/api/tontines/{code}/turns",
    tag: "Tontines",
    summary: "Turns of a tontine",
    description: "In their order. Before the start they are what the order and the calendar say.",
    access: { permission: "tontine:read" },
    params: codeParams,
    answer: {
      status: 200,
      description: "All turns.",
      schema: z.object({ turns: z.array(turnAnswer), count: z.int().meta({ example: 12 }) }),
    },
    errors: ["not_found"],
  },
  async ({ context, params }) => {
    const turns = (await getSummary(context, params.code)).turns.map(presentTurn);
    return { body: { turns, count: turns.length } };
  },
);
