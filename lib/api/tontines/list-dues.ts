import { z } from "zod";
import { TONTINE_STATES } from "@/lib/services/tontines/kinds";
import { getBooklet } from "@/lib/services/tontines/views/get-booklet";
import { defineCall } from "../define-call";
import { codeParams, moneyOutput, presentMoney, timeOutput } from "./answers";

export const dueIdOutput = z.string().meta({ example: "204" });

const dueAnswer = z.object({
  id: dueIdOutput,
  turn: z.int().meta({ example: 4 }),
  kind: z.enum(["contribution", "fine", "solidarity", "entry", "deposit"]),
  state: z.enum(Object.keys(TONTINE_STATES.due.next) as [string, ...string[]]),
  total: moneyOutput,
  open: moneyOutput.describe("What is still to be paid."),
  due_at: timeOutput,
});

/** GET /api/tontines/{code}/dues: the caller's own. */
export const listDues = defineCall(
  {
    method: "GET",
    path: "/api/tontines/{code}/dues",
    tag: "Tontines",
    summary: "What the person has to pay, and has paid",
    description: "The person's own dues of turns that were called, the first turn first.",
    access: { permission: "tontine:read" },
    params: codeParams,
    answer: {
      status: 200,
      description: "All of them.",
      schema: z.object({ dues: z.array(dueAnswer), count: z.int().meta({ example: 4 }) }),
      links: {
        pay: { method: "POST", path: "/api/tontines/dues/{id}/pay", parameters: { id: "dues.0.id" } },
      },
    },
    errors: ["not_found"],
  },
  async ({ context, params }) => {
    const dues = (await getBooklet(context, params.code)).lines.map(
      ({ id, turn, kind, state, amount, open, dueAt }): z.input<typeof dueAnswer> => ({
        id,
        turn,
        kind,
        state,
        total: presentMoney(amount),
        open: presentMoney(open),
        due_at: dueAt.toISOString(),
      }),
    );
    return { body: { dues, count: dues.length } };
  },
);
