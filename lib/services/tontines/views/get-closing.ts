import { getBalances } from "@/lib/ledger/balances";
import { chart } from "@/lib/ledger/chart";
import { type Money, money } from "@/lib/money/money";
import type { Context } from "../../context";
import { OFFICERS, readOwnGroup } from "../groups/group";
import type { TontineState } from "../kinds";
import { type DebtView, toDebtView } from "./standing";
import { selectDebtsOfDues } from "./store";
import { isOfficer } from "./view";

export interface ClosingView {
  code: string;
  name: string;
  state: TontineState<"group">;
  /** What the group holds, by what it is for. */
  box: Money;
  solidarity: Money;
  deposits: Money;
  advances: Money;
  /** Kept for members whose wallet can't take it. */
  kept: Money;
  /** Open debts; before the end only those that concern the viewer, and all for officers. */
  debts: readonly DebtView[];
  /** The viewer may give discharge now. */
  mayClose: boolean;
}

const OVER: readonly string[] = ["closing", "closed"];

/** What a group holds and who owes whom, for its members. Throws `unauthenticated`, `not_found`. */
export async function getClosing(context: Context, code: string): Promise<ClosingView> {
  const { group, member } = await readOwnGroup(context, code);
  const { tontine, accounts } = group;
  const ids = [...group.members.keys()];
  const sumOf = async (account: (id: bigint) => ReturnType<typeof chart.tontineBox>): Promise<Money> => {
    const held = await getBalances(context.db, ids.map(account));
    return money(
      held.reduce((sum, balance) => sum + balance.amountMinor, 0n),
      tontine.currency,
    );
  };
  const none = money(0n, tontine.currency);
  const [box, solidarity] = await getBalances(context.db, [
    chart.tontineBox(accounts),
    chart.tontineSolidarity(accounts),
  ]);
  const seesAll = isOfficer(member) || OVER.includes(tontine.state);
  const debts = (await selectDebtsOfDues(context.db, tontine.id)).filter(
    ({ repaidMinor, amountMinor, debtorMemberId, creditorMemberId }) =>
      repaidMinor < amountMinor &&
      (seesAll || debtorMemberId === member.id || creditorMemberId === member.id),
  );
  return {
    code: tontine.code,
    name: tontine.name,
    state: tontine.state as TontineState<"group">,
    box: box ?? none,
    solidarity: solidarity ?? none,
    deposits: await sumOf((id) => chart.tontineGuarantee(accounts, id)),
    advances: await sumOf((id) => chart.tontineAdvance(accounts, id)),
    kept: await sumOf((id) => chart.tontineOwed(accounts, id)),
    debts: debts.map((debt) => toDebtView(group, debt)),
    mayClose:
      tontine.state === "closing" &&
      member.roles.some((role) => (OFFICERS as readonly string[]).includes(role)),
  };
}
