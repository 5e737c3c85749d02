import type { Reader, Transaction } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import type { TontineAccounts } from "@/lib/ledger/chart";
import { actorName, type Context, requirePerson, requireSystem, requireUser } from "../../context";
import type { Calendar } from "../calendar";
import { readTontineCode } from "../code";
import type { TontineEvent } from "../events";
import { GONE_STATES, type TontineState } from "../kinds";
import { tellMembers } from "../notices/tell-members";
import { type Parameters, parametersSchema } from "../rules";
import {
  type CycleRow,
  findCycle,
  findMemberOf,
  findRules,
  findTontine,
  findTontineById,
  type HolderRow,
  insertEvents,
  lockTontine,
  type MemberRow,
  type RulesRow,
  selectHolders,
  selectMembers,
  type TontineRow,
} from "./store";

/** A group with all that its verbs decide by. Read under the group's lock, it stays true until the transaction ends. */
export interface Group {
  tontine: TontineRow;
  /** As the chart of accounts names it. */
  accounts: TontineAccounts;
  cycle: CycleRow;
  calendar: Calendar;
  rules: RulesRow;
  parameters: Parameters;
  /** All that ever were, by id. */
  members: ReadonlyMap<bigint, MemberRow>;
  /** In the order of the shares. */
  holders: readonly HolderRow[];
}

export async function readGroup(reader: Reader, tontine: TontineRow): Promise<Group> {
  const [cycle, members] = [await findCycle(reader, tontine.id), await selectMembers(reader, tontine.id)];
  const rules = await findRules(reader, cycle.rulesId);
  return {
    tontine,
    accounts: { id: tontine.id, currency: tontine.currency },
    cycle,
    calendar: cycle.calendar as Calendar,
    rules,
    parameters: parametersSchema.parse(rules.parameters),
    members: new Map(members.map((member) => [member.id, member])),
    holders: await selectHolders(reader, cycle.id),
  };
}

/** A group and the member in it who asks. */
export interface OwnGroup {
  tontine: TontineRow;
  member: MemberRow;
  userId: bigint;
}

/**
 * The group with this code, for one of its members. Throws `unauthenticated`, and `not_found` for what doesn't exist and for
 * somebody else's.
 */
export async function findOwnGroup(context: Context, code: string): Promise<OwnGroup> {
  return await findGroupOf(context, requirePerson(context), code);
}

/** As {@link findOwnGroup}, also for the services to which a person gave an API key: they read, and pay. */
export async function findUsersGroup(context: Context, code: string): Promise<OwnGroup> {
  return await findGroupOf(context, requireUser(context), code);
}

async function findGroupOf(context: Context, userId: bigint, code: string): Promise<OwnGroup> {
  const read = readTontineCode(code);
  const tontine = read === null ? null : await findTontine(context.db, read);
  const member = tontine && (await findMemberOf(context.db, tontine.id, userId));
  if (!tontine || !member || GONE_STATES.includes(member.state)) throw new DomainError("not_found");
  return { tontine, member, userId };
}

/** A group under its lock, and the member who acts as they are now. */
export interface LockedGroup extends Group {
  member: MemberRow;
}

/** Runs `work` in one transaction that holds the group's lock. Throws `not_found` when the member has gone in the meantime. */
export async function inOwnGroup<T>(
  context: Context,
  own: OwnGroup,
  work: (tx: Transaction, group: LockedGroup) => Promise<T>,
): Promise<T> {
  return await inTransaction(context.db, async (tx) => {
    const group = await readGroup(tx, await lockTontine(tx, own.tontine.id));
    const member = group.members.get(own.member.id);
    if (!member || GONE_STATES.includes(member.state)) throw new DomainError("not_found");
    return await work(tx, { ...group, member });
  });
}

/** As {@link inOwnGroup} for the system's verbs. Throws `unauthenticated` for anybody else. */
export async function inGroup<T>(
  context: Context,
  tontineId: bigint,
  work: (tx: Transaction, group: Group) => Promise<T>,
): Promise<T> {
  requireSystem(context);
  return await inTransaction(context.db, async (tx) =>
    work(tx, await readGroup(tx, await lockTontine(tx, tontineId))),
  );
}

/** The group without its lock, to read, as {@link findUsersGroup} finds it. */
export async function readOwnGroup(context: Context, code: string): Promise<OwnGroup & { group: Group }> {
  const own = await findUsersGroup(context, code);
  return { ...own, group: await readGroup(context.db, await findTontineById(context.db, own.tontine.id)) };
}

/** Throws `tontine_not_now` unless the group is in one of these states. */
export function requireState({ tontine }: Group, ...states: TontineState<"group">[]): void {
  if (!(states as string[]).includes(tontine.state)) throw new DomainError("tontine_not_now");
}

/** Throws `tontine_role_missing` unless the member holds one of these offices. */
export function requireRole(member: MemberRow, ...roles: string[]): void {
  if (!member.roles.some((role) => roles.includes(role))) throw new DomainError("tontine_role_missing");
}

export const OFFICERS = ["chair", "treasurer", "secretary"] as const;

/** A member of the group by id, as forms post it. Throws `not_found`. */
export function memberOf(group: Group, id: string | bigint): MemberRow {
  const member = /^[1-9]\d{0,17}$/.test(String(id)) ? group.members.get(BigInt(id)) : undefined;
  if (!member) throw new DomainError("not_found");
  return member;
}

/** Writes what happened into the group's journal, in the transaction of what it tells. */
export async function recordEvents(
  tx: Transaction,
  context: Context,
  { tontine }: Pick<Group, "tontine">,
  events: readonly TontineEvent[],
): Promise<void> {
  const actor = actorName(context.actor);
  await insertEvents(
    tx,
    events.map((event) => ({ tontineId: tontine.id, actor, createdAt: context.now, ...event })),
  );
  await tellMembers(tx, tontine, events, context.now);
}
