import { z } from "zod";
import type { Money } from "@/lib/money/money";
import { TONTINE_STATES } from "@/lib/services/tontines/kinds";
import type { SummaryCard } from "@/lib/services/tontines/views/list-summaries";
import type { TurnView } from "@/lib/services/tontines/views/view";
import { amountFields, amountMinorOutput, amountOutput, currencyOutput } from "../amount";

const statesOf = <O extends keyof typeof TONTINE_STATES>(object: O) =>
  z.enum(Object.keys(TONTINE_STATES[object].next) as [string, ...string[]]);

export const groupState = statesOf("group");
export const turnState = statesOf("turn");
export const memberState = statesOf("member");

export const codeParams = z.object({
  code: z.string().max(40).describe("The group's six characters.").meta({ example: "T7K4Q2" }),
});

export const codeOutput = z.string().meta({ example: "T7K4Q2" });
export const nameOutput = z.string().meta({ example: "Tontine des Sœurs" });
export const memberIdOutput = z.string().meta({ example: "17" });
export const memberNameOutput = z.string().describe("As the group knows them.").meta({ example: "Fatou T." });
export const timeOutput = z.iso.datetime().meta({ example: "2026-12-04T18:00:00.000Z" });

/** An amount in an answer that has several. */
export const moneyOutput = z.object({
  amount: amountOutput,
  amount_minor: amountMinorOutput,
  currency: currencyOutput,
});

export const presentMoney = (amount: Money): z.input<typeof moneyOutput> => amountFields(amount);

export const cardAnswer = z.object({
  code: codeOutput,
  name: nameOutput,
  state: groupState,
  contribution: moneyOutput.describe("Of a whole share in a turn."),
  share_count: z.int().meta({ example: 12 }),
  turn_count: z.int().meta({ example: 12 }),
  current_turn: z.int().nullable().describe("The turn under way.").meta({ example: 4 }),
  owed: moneyOutput.nullable().describe("What the caller still has to pay; null when nothing."),
  owed_before: timeOutput.nullable(),
});

export function presentCard(card: SummaryCard): z.input<typeof cardAnswer> {
  const { code, name, state, contribution, shareCount, turnCount, turn, owes } = card;
  return {
    code,
    name,
    state,
    contribution: presentMoney(contribution),
    share_count: shareCount,
    turn_count: turnCount,
    current_turn: turn?.number ?? null,
    owed: owes && presentMoney(owes.amount),
    owed_before: owes?.dueAt.toISOString() ?? null,
  };
}

export const turnAnswer = z.object({
  number: z.int().meta({ example: 4 }),
  kind: z.enum(["rotation", "refund"]),
  state: turnState,
  due_at: timeOutput,
  receivers: z.array(z.object({ member_id: memberIdOutput, name: memberNameOutput })),
});

export function presentTurn({ number, kind, state, dueAt, receivers }: TurnView): z.input<typeof turnAnswer> {
  return {
    number,
    kind,
    state,
    due_at: dueAt.toISOString(),
    receivers: receivers.map(({ memberId, name }) => ({ member_id: memberId, name })),
  };
}
