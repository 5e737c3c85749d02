import type { Context } from "../../context";
import { walletOfUser } from "../../wallets/get-wallet";
import {
  type DataOwner,
  type ReadPage,
  readApiKeys,
  readMoneyRequests,
  readNotices,
  readOperations,
  readProfile,
  readSessions,
  readVaults,
  readWallet,
} from "./store";

const PAGE_SIZE = 500;

/** The lists of a copy, by their names in the file. */
const LISTS: Readonly<Record<string, ReadPage>> = {
  vaults: readVaults,
  operations: readOperations,
  money_requests: readMoneyRequests,
  notices: readNotices,
  api_keys: readApiKeys,
  sessions: readSessions,
};

/**
 * A copy of everything that is kept about a person, as one JSON object: amounts in minor units, times with their offset. No secret
 * is in it: no password, PIN, key, session id or link. Read a page at a time, so lists that grow meanwhile may have their newest rows or not.
 * `onLines` hears of each page.
 */
export async function* writeData(
  { db, now }: Context,
  userId: bigint,
  onLines: (count: number) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const wallet = await walletOfUser(db, userId);
  const owner: DataOwner = { userId, walletId: wallet.id };
  const [profile, walletJson] = await Promise.all([readProfile(db, owner), readWallet(db, owner)]);
  const start = `{"format":"cauris-data-1","made_at":${JSON.stringify(now.toISOString())}`;
  yield encoder.encode(`${start},\n"profile":${profile},\n"wallet":${walletJson}`);
  for (const [name, read] of Object.entries(LISTS)) {
    yield encoder.encode(`,\n${JSON.stringify(name)}:[`);
    let [after, separator] = ["0", "\n"];
    for (;;) {
      const rows = await read(db, owner, after, PAGE_SIZE);
      await onLines(rows.length);
      const last = rows.at(-1);
      if (last === undefined) break;
      yield encoder.encode(separator + rows.map(({ json }) => json).join(",\n"));
      [after, separator] = [last.key, ",\n"];
    }
    yield encoder.encode("]");
  }
  yield encoder.encode("}\n");
}
