import { z } from "zod";
import { getSummary as get } from "@/lib/services/tontines/views/get-summary";
import { defineCall } from "../define-call";
import {
  codeOutput,
  codeParams,
  groupState,
  memberIdOutput,
  memberNameOutput,
  memberState,
  moneyOutput,
  nameOutput,
  presentMoney,
  presentTurn,
  turnAnswer,
} from "./answers";

const answer = z.object({
  code: codeOutput,
  name: nameOutput,
  state: groupState,
  zone: z.string().describe("IANA name.").meta({ example: "Africa/Abidjan" }),
  contribution: moneyOutput.describe("Of a whole share in a turn."),
  share_count: z.int().meta({ example: 12 }),
  turn: turnAnswer.nullable().describe("The turn under way."),
  expected: moneyOutput.nullable().describe("What its contributions add up to."),
  paid_count: z.int().describe("How many of them are paid.").meta({ example: 9 }),
  due_count: z.int().describe("How many there are.").meta({ example: 12 }),
  paid: moneyOutput.describe("What the caller has paid as contributions."),
  advance: moneyOutput.describe("What the caller has paid ahead."),
  box: moneyOutput.describe("The group's cash box."),
  solidarity: moneyOutput.describe("The group's solidarity fund."),
  members: z.array(
    z.object({
      member_id: memberIdOutput,
      name: memberNameOutput,
      roles: z.array(z.string().meta({ example: "treasurer" })),
      state: memberState,
      shares: z.number().describe("Whole shares; a half is 0.5.").meta({ example: 1 }),
      is_caller: z.boolean(),
    }),
  ),
});

/** GET /api/tontines/{code}: a group as one of its members sees it. */
export const getTontine = defineCall(
  {
    method: "GET",
    path: "/api/tontines/{code}",
    tag: "Tontines",
    summary: "A tontine at a glance",
    description: "Who is late is told to the debtor and to officers only; phone numbers are in no answer.",
    access: { permission: "tontine:read" },
    params: codeParams,
    answer: { status: 200, description: "As the person may see it.", schema: answer },
    errors: ["not_found"],
  },
  async ({ context, params }) => {
    const tontine = await get(context, params.code);
    const { code, name, state, zone, contribution, shareCount, current, paid, advance } = tontine;
    const body: z.input<typeof answer> = {
      code,
      name,
      state,
      zone,
      contribution: presentMoney(contribution),
      share_count: shareCount,
      turn: current && presentTurn(current),
      expected: current && presentMoney(current.expected),
      paid_count: current?.paidCount ?? 0,
      due_count: current?.contributions.length ?? 0,
      paid: presentMoney(paid),
      advance: presentMoney(advance),
      box: presentMoney(tontine.box),
      solidarity: presentMoney(tontine.solidarity),
      members: tontine.members.map(({ id, halves, isMe, ...member }) => ({
        member_id: id,
        name: member.name,
        roles: [...member.roles],
        state: member.state,
        shares: halves / 2,
        is_caller: isMe,
      })),
    };
    return { body };
  },
);
