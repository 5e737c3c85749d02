import { and, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { Reader } from "@/db/client";
import { operations, users, vaults, wallets } from "@/db/schema";
import type { Money } from "@/lib/money/money";
import type { OperationSearch } from "./search";

/** A wallet or a vault that a search names: the other side of operations. */
interface Party {
  id: bigint;
  foldedName: string;
}

const containing = (part: string) => `%${part.replace(/[\\%_]/g, "\\$&")}%`;

/**
 * The condition of a search within one wallet's operations. Names are matched once for each other side before the
 * operations are read, so that an operation costs no look-up of its own.
 */
export async function searchCondition(
  reader: Reader,
  walletId: bigint,
  search: OperationSearch,
): Promise<SQL | undefined> {
  const [people, ownVaults] = await Promise.all([
    selectPeople(reader, walletId, search),
    selectVaults(reader, walletId, search),
  ]);
  const number = containing(search.number);
  const byNumber = [
    sql`${operations.reference} like ${number.toUpperCase()}`,
    sql`${operations.phone} like ${number}`,
    sql`${operations.accountNumber} like ${number}`,
    withAnyOf(people.filter((one) => one.number.includes(search.number))),
  ];
  const byAmount = search.amounts.map(ofAmount);
  const byWords = search.words.map(({ folded, methods, types }) => {
    const named = ({ foldedName }: Party) => foldedName.includes(folded);
    return or(
      sql`${operations.noteFolded} like ${containing(folded)}`,
      methods.length > 0 ? inArray(operations.method, methods) : undefined,
      types.length > 0 ? inArray(operations.type, types) : undefined,
      withAnyOf(people.filter(named)),
      ofAnyOf(ownVaults.filter(named)),
    );
  });
  return or(...byNumber, ...byAmount, and(...byWords));
}

/** Operations of this amount, without or with the fee. */
export function ofAmount({ amountMinor, currency }: Money): SQL {
  return sql`(${operations.currency} = ${currency} and ${amountMinor.toString()}::bigint
    in (${operations.amountMinor}, ${operations.amountMinor} + ${operations.feeMinor}))`;
}

function withAnyOf(people: readonly Party[]): SQL | undefined {
  if (people.length === 0) return undefined;
  const ids = people.map(({ id }) => id);
  return and(
    eq(operations.type, "transfer"),
    or(inArray(operations.counterpartyWalletId, ids), inArray(operations.walletId, ids)),
  );
}

function ofAnyOf(found: readonly Party[]): SQL | undefined {
  if (found.length === 0) return undefined;
  return inArray(
    operations.vaultId,
    found.map(({ id }) => id),
  );
}

/** Whether a folded name or a number has a part that is searched for. */
const matches = (name: SQL, { words }: OperationSearch) =>
  or(...words.map(({ folded }) => sql`${name} like ${containing(folded)}`));

/** The other sides of the wallet's transfers that the search may mean. */
async function selectPeople(reader: Reader, walletId: bigint, search: OperationSearch) {
  // Names are searched as they are shown: a search must not reveal more of a last name than its initial.
  const name = sql<string>`fold_text(${users.firstName} || ' ' || left(${users.lastName}, 1))`;
  const others = sql`(select ${operations.counterpartyWalletId} from ${operations} where ${operations.walletId} = ${walletId}
      and ${operations.type} = 'transfer'
    union select ${operations.walletId} from ${operations} where ${operations.counterpartyWalletId} = ${walletId})`;
  return await reader
    .select({ id: wallets.id, number: wallets.number, foldedName: name })
    .from(wallets)
    .innerJoin(users, eq(users.id, wallets.userId))
    .where(
      and(
        sql`${wallets.id} in ${others}`,
        or(sql`${wallets.number} like ${containing(search.number)}`, matches(name, search)),
      ),
    );
}

async function selectVaults(reader: Reader, walletId: bigint, search: OperationSearch): Promise<Party[]> {
  const name = sql<string>`fold_text(${vaults.name})`;
  return await reader
    .select({ id: vaults.id, foldedName: name })
    .from(vaults)
    .where(and(eq(vaults.walletId, walletId), matches(name, search)));
}
