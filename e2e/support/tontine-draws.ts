import type { Database } from "@/db/client";
import { invariant } from "@/lib/invariant";
import type { TestUser } from "./people";
import { codeOf, createMember, NAMES, readTontine, signAll } from "./tontines";

/** Four or more who all signed that the order is drawn; chair, treasurer and secretary among them. */
export async function groupToDraw(db: Database, count = 4) {
  const users: TestUser[] = [];
  for (let index = 0; index < count; index += 1) users.push(await createMember(db, NAMES[index] ?? "A", 0n));
  const code = await codeOf(users, { order: "draw" });
  await signAll(db, code, users);
  const [chair, second] = users;
  const [treasurer, secretary] = users.slice(-2);
  invariant(chair && second && treasurer && secretary, "people");
  const { id } = await readTontine(db, code);
  return { code, id, users, chair, second, treasurer, secretary };
}

/** A draw as its row has it. */
export interface StoredDraw {
  id: string;
  state: string;
  sheet: string;
  round: number | null;
  draws_at: Date;
  tries: number;
  next_try_at: Date | null;
  problem: string | null;
}

export async function drawOf(db: Database, id: bigint): Promise<StoredDraw> {
  const [row] = await db.$client<
    StoredDraw[]
  >`select * from tontine_draws where tontine_id = ${id.toString()}`;
  invariant(row, "a draw");
  const { draws_at: drawsAt, next_try_at: nextTryAt } = row;
  return {
    ...row,
    draws_at: new Date(drawsAt),
    next_try_at: nextTryAt === null ? null : new Date(nextTryAt),
  };
}

export async function resultOf(db: Database, id: bigint) {
  const [row] = await db.$client<
    { round: number | null; randomness: string; share_order: string; seed: string; lotto_day: Date | null }[]
  >`select r.* from tontine_draw_results r join tontine_draws d on d.id = r.draw_id where d.tontine_id = ${id.toString()}`;
  return row ?? null;
}

/** Members in the order of their shares. */
export async function membersInOrder(db: Database, id: bigint): Promise<string[]> {
  const rows = await db.$client<{ member: string }[]>`
    select h.member_id as member from tontine_shares s join tontine_cycles c on c.id = s.cycle_id
    join tontine_share_holders h on h.share_id = s.id and h.ended_at is null
    where c.tontine_id = ${id.toString()} order by s.position`;
  return rows.map(({ member }) => member);
}
