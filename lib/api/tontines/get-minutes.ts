import { z } from "zod";
import { getMinutes as get } from "@/lib/services/tontines/views/get-minutes";
import { defineCall } from "../define-call";
import {
  codeParams,
  memberIdOutput,
  memberNameOutput,
  moneyOutput,
  presentMoney,
  presentTurn,
  timeOutput,
  turnAnswer,
} from "./answers";

const sealAnswer = z.object({
  number: z.int().meta({ example: 1204 }),
  root: z
    .string()
    .describe("In hexadecimal.")
    .meta({ example: "9f6d83b9a7".padEnd(64, "0") }),
  sealed_at: timeOutput,
});

const answer = z.object({
  turn: turnAnswer,
  from: timeOutput.describe("When the turn was called."),
  to: timeOutput.nullable().describe("When the next turn was called."),
  is_final: z.boolean().describe("Nothing more can be added."),
  roll: z.array(
    z.object({
      member_id: memberIdOutput,
      name: memberNameOutput,
      kind: z.enum(["contribution", "fine", "solidarity", "entry", "deposit"]),
      total: moneyOutput,
      open: moneyOutput,
      state: z
        .enum(["paid", "covered", "awaited", "late"])
        .describe("`late` for the debtor and for officers; others read `awaited`."),
    }),
  ),
  paid: moneyOutput,
  expected: moneyOutput,
  payouts: z.array(
    z.object({
      receiver: memberNameOutput,
      total: moneyOutput,
      state: z.enum(["proposed", "posted", "refused", "stale"]),
      reason: z.string().nullable().describe("Why it was refused."),
      posted_at: timeOutput.nullable(),
      approvals: z.array(z.object({ name: memberNameOutput, at: timeOutput })),
    }),
  ),
  fines: z.object({ count: z.int().meta({ example: 1 }), total: moneyOutput }),
  changes: z.array(
    z.object({
      at: timeOutput,
      kind: z.string().meta({ example: "swap.applied" }),
      member: memberNameOutput.nullable(),
    }),
  ),
  lines: z
    .array(z.string())
    .describe("What the minutes say, a JSON array a line, the same for every reader.")
    .meta({ example: ['["fines",0,"0"]'] }),
  hash: z
    .string()
    .describe("SHA-256 of the lines, joined by line feeds, in hexadecimal.")
    .meta({ example: "41c0e1f5b2".padEnd(64, "0") }),
  seal: sealAnswer.nullable().describe("The seal of the ledger that covers the group's movements."),
});

/** GET /api/tontines/{code}/minutes/{number}: of a turn that was called. */
export const getMinutesCall = defineCall(
  {
    method: "GET",
    path: "/api/tontines/{code}/minutes/{number}",
    tag: "Tontines",
    summary: "Minutes of a turn",
    description:
      "Who has paid, what was paid out and who approved it, fines, and what changed in the group until the next turn was called.",
    access: { permission: "tontine:read" },
    params: codeParams.extend({
      number: z.string().max(10).describe("Of the turn.").meta({ example: "4" }),
    }),
    answer: { status: 200, description: "As the person may see them.", schema: answer },
    errors: ["not_found"],
  },
  async ({ context, params: { code, number } }) => {
    const wanted = /^[1-9]\d{0,3}$/.test(number) ? Number(number) : 0;
    const minutes = await get(context, { code, number: wanted });
    const { turn, from, to, isFinal, roll, paid, expected, payouts, fines, changes } = minutes;
    const { seal } = minutes.seal;
    const body: z.input<typeof answer> = {
      turn: presentTurn(turn),
      from: from.toISOString(),
      to: to?.toISOString() ?? null,
      is_final: isFinal,
      roll: roll.map(({ memberId, name, kind, amount, open, state }) => ({
        ...{ member_id: memberId, name, kind, state },
        ...{ total: presentMoney(amount), open: presentMoney(open) },
      })),
      paid: presentMoney(paid),
      expected: presentMoney(expected),
      payouts: payouts.map(({ receiver, amount, state, reason, postedAt, approvals }) => ({
        ...{ receiver, total: presentMoney(amount), state, reason },
        posted_at: postedAt?.toISOString() ?? null,
        approvals: approvals.map(({ name, at }) => ({ name, at: at.toISOString() })),
      })),
      fines: { count: fines.count, total: presentMoney(fines.total) },
      changes: changes.map(({ at, kind, member }) => ({ at: at.toISOString(), kind, member })),
      lines: [...minutes.lines],
      hash: minutes.hash,
      seal: seal && {
        number: Number(seal.number),
        root: seal.root,
        sealed_at: seal.sealedAt.toISOString(),
      },
    };
    return { body };
  },
);
