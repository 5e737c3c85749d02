import type { Reader } from "@/db/client";
import { chart } from "@/lib/ledger/chart";
import { type EntrySeal, findSealOfEntry } from "@/lib/ledger/sealing/find-seal";
import type { Group } from "../groups/group";
import { selectTurns } from "../turns/store";
import { selectLastEntry } from "./audit-store";

export type { EntrySeal };

/** The addresses of all accounts that a group can have. */
export async function addressesOf(reader: Reader, { accounts, cycle, members }: Group): Promise<string[]> {
  const turns = await selectTurns(reader, cycle.id);
  return [
    chart.tontineBox(accounts),
    chart.tontineSolidarity(accounts),
    ...turns.map(({ id }) => chart.tontinePot(accounts, id)),
    ...[...members.keys()].flatMap((id) => [
      chart.tontineAdvance(accounts, id),
      chart.tontineGuarantee(accounts, id),
      chart.tontineOwed(accounts, id),
    ]),
  ].map(({ address }) => address);
}

/** Where a group's books stand in the sealed ledger. */
export interface GroupSeal {
  /** The newest entry of the group; null while no money has moved. */
  entryId: bigint | null;
  /** The seal that covers it; null while it isn't sealed, which takes some seconds. */
  seal: EntrySeal | null;
}

export async function findGroupSeal(reader: Reader, addresses: readonly string[]): Promise<GroupSeal> {
  const entryId = await selectLastEntry(reader, addresses);
  return { entryId, seal: entryId === null ? null : await findSealOfEntry(reader, entryId) };
}
