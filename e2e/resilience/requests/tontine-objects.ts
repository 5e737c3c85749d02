import { createContext, createUser, type TestUser } from "@/e2e/support/people";
import { readTontine } from "@/e2e/support/tontines";
import { addDays, dayOf } from "@/lib/day-range";
import { newKey } from "@/lib/ids";
import { advanceTontine } from "@/lib/services/tontines/advance-tontine";
import { offerGuarantee } from "@/lib/services/tontines/changes/guarantees";
import { offerHandover } from "@/lib/services/tontines/changes/hand-over";
import { placeTokenOf } from "@/lib/services/tontines/code";
import { openDecision } from "@/lib/services/tontines/decisions/open-decision";
import { openDispute } from "@/lib/services/tontines/disputes/open-dispute";
import { createTontine } from "@/lib/services/tontines/groups/create-tontine";
import { invite } from "@/lib/services/tontines/groups/invite";
import { joinTontine } from "@/lib/services/tontines/groups/join-tontine";
import { setRoles } from "@/lib/services/tontines/groups/set-roles";
import { signRules } from "@/lib/services/tontines/groups/sign-rules";
import { payDues } from "@/lib/services/tontines/money/pay-dues";
import { startTontine } from "@/lib/services/tontines/turns/start-tontine";
import { getSummary } from "@/lib/services/tontines/views/get-summary";
import { getTurn } from "@/lib/services/tontines/views/get-turn";
import type { Deployment } from "../deployment";

const ZONE = "Africa/Abidjan";
/** A turn is called at once when its due day is so near. */
const FIRST_DAY_IN = 2;

/** A group that the user has founded and opened for others. Returns its code. */
export async function openTontineOf({ context }: TestUser, shares: number): Promise<string> {
  const firstDay = addDays(dayOf(new Date(), ZONE), FIRST_DAY_IN);
  const { code } = await createTontine(context, {
    ...{ name: "Tontine des Sœurs", currency: "XOF", contribution: "100", shares: String(shares) },
    ...{ zone: ZONE, calendar: "weekly", firstDay, key: newKey() },
  });
  await invite(context, { code });
  return code;
}

/** A group of the user and two others that runs, and whose first turn is called. Returns its code. */
export async function runningTontineOf(
  { db }: Pick<Deployment, "db">,
  user: TestUser,
  pin: string,
): Promise<string> {
  const code = await openTontineOf(user, 3);
  const others: TestUser[] = [];
  for (const role of ["treasurer", "secretary"]) {
    const other = await createUser(db, { firstName: "Fatou", lastName: "T", pin });
    await joinTontine(other.context, { invitation: code });
    const { me } = await getSummary(other.context, code);
    await setRoles(user.context, { code, memberId: me.id, roles: [role] });
    others.push(other);
  }
  const { id, hash } = await readTontine(db, code);
  for (const { context } of [user, ...others]) await signRules(context, { code, hash, pin });
  await startTontine(user.context, { code, pin });
  await advanceTontine(createContext(db, { kind: "system" }), id);
  return code;
}

/** The same, and its first turn is paid by the user for all: its payout waits for approval. Returns its code. */
export async function paidTontineOf(
  deployment: Pick<Deployment, "db">,
  user: TestUser,
  pin: string,
): Promise<string> {
  const code = await runningTontineOf(deployment, user, pin);
  const { dues } = await getTurn(user.context, { code, number: 1 });
  await payDues(user.context, { code, dueIds: dues.map(({ id }) => id), pin, key: newKey() });
  return code;
}

/** A guarantee that the user asks the last member of the group for. Returns its id. */
export async function guaranteeOf({ context }: TestUser, code: string): Promise<string> {
  const { members } = await getSummary(context, code);
  const guarantorId = members.at(-1)?.id ?? "";
  const { guaranteeId } = await offerGuarantee(context, { code, guarantorId, amount: "100" });
  return guaranteeId.toString();
}

/** The token of the place that the last member of the group hands over. */
export async function offeredPlaceOf(
  { db, owner }: Pick<Deployment, "db" | "owner">,
  code: string,
  pin: string,
): Promise<string> {
  const [last] = await owner<{ user: string; holder: string }[]>`
    select m.user_id as user, h.id as holder from tontine_share_holders h join tontine_members m on m.id = h.member_id
    join tontines t on t.id = m.tontine_id where t.code = ${code} order by h.id desc limit 1`;
  const context = createContext(db, { kind: "user", userId: BigInt(last?.user ?? 0), sessionId: "" });
  const offer = { code, holderId: last?.holder ?? "", toMemberId: "", pin };
  return placeTokenOf((await offerHandover(context, offer)).handoverId);
}

/** The membership of who joined the group last. */
export async function lastMemberOf({ owner }: Pick<Deployment, "owner">, code: string): Promise<string> {
  const [row] = await owner<{ id: string }[]>`
    select m.id from tontine_members m join tontines t on t.id = m.tontine_id where t.code = ${code} order by m.id desc limit 1`;
  return row?.id ?? "1";
}

/** The user's own membership of the group. */
export async function membershipOf(
  { owner }: Pick<Deployment, "owner">,
  { userId }: TestUser,
  code: string,
): Promise<string> {
  const [row] = await owner<{ id: string }[]>`
    select m.id from tontine_members m join tontines t on t.id = m.tontine_id
    where t.code = ${code} and m.user_id = ${userId.toString()}`;
  return row?.id ?? "1";
}

export async function firstTurnOf({ owner }: Pick<Deployment, "owner">, code: string): Promise<string> {
  const [row] = await owner<{ id: string }[]>`
    select u.id from tontine_turns u join tontines t on t.id = u.tontine_id where t.code = ${code} and u.number = 1`;
  return row?.id ?? "1";
}

/** The newest decision of the group; the user opens one where there is none. */
export async function openDecisionOf(
  { owner }: Pick<Deployment, "owner">,
  { context }: TestUser,
  code: string,
  pin: string,
): Promise<string> {
  const newest = () => owner<{ id: string }[]>`
    select d.id from tontine_decisions d join tontines t on t.id = d.tontine_id where t.code = ${code} order by d.id desc limit 1`;
  if ((await newest()).length === 0) await openDecision(context, { code, kind: "pause", pin });
  return (await newest())[0]?.id ?? "1";
}

/** The newest dispute of the group; the user opens one where there is none. */
export async function openDisputeOf(
  { owner }: Pick<Deployment, "owner">,
  { context }: TestUser,
  code: string,
): Promise<string> {
  const newest = () => owner<{ id: string }[]>`
    select d.id from tontine_disputes d join tontines t on t.id = d.tontine_id where t.code = ${code} order by d.id desc limit 1`;
  if ((await newest()).length === 0) {
    await openDispute(context, { code, about: "turn", id: "1", reason: "Il manque une part." });
  }
  return (await newest())[0]?.id ?? "1";
}
