import type { Reader } from "@/db/client";
import type { LedgerAccount } from "./chart";
import { readVersions } from "./store";

/** The sum of the versions of each list's materialized accounts, in order: it rises with every posting to one of them. */
export async function sumVersions(
  reader: Reader,
  lists: readonly (readonly LedgerAccount[])[],
): Promise<bigint[]> {
  const versions = await readVersions(
    reader,
    lists.flatMap((accounts) => accounts.map(({ address }) => address)),
  );
  return lists.map((accounts) =>
    accounts.reduce((sum, { address }) => sum + (versions.get(address) ?? 0n), 0n),
  );
}
