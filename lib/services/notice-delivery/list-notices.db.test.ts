import { describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createContext, createUser, fundWallet, type TestUser } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { recordNotice } from "../notices/record-notice";
import { sendTransfer } from "../transfers/send-transfer";
import { countUnread } from "./count-unread";
import { getNoticeChoices } from "./get-notice-choices";
import { listNotices } from "./list-notices";
import { markNoticesRead } from "./mark-notices-read";
import { PAGE_SIZE, UNREAD_COUNTED_MAX } from "./policy";
import { saveNoticeChoices } from "./save-notice-choices";

const { db } = await useDatabase();

async function tell({ userId }: TestUser, count = 1): Promise<void> {
  await inTransaction(db, async (tx) => {
    for (let each = 0; each < count; each += 1)
      await recordNotice(tx, { userId, kind: "pin_changed", details: {}, key: newKey() });
  });
}

describe("a person's notices", () => {
  it("name the other side, the amount and where to look, newest first", async () => {
    const [sender, recipient] = [
      await createUser(db, { firstName: "Moussa", lastName: "Diop" }),
      await createUser(db, { firstName: "Awa", lastName: "Traoré" }),
    ];
    await fundWallet(db, sender.walletId, money(100n, "XOF"));
    const input = { walletNumber: recipient.walletNumber, amount: money(10n, "XOF") };
    const { reference } = await sendTransfer(sender.context, input);
    await tell(recipient);
    const path = `/wallet/transactions/${reference}`;
    expect((await listNotices(recipient.context, undefined)).notices).toMatchObject([
      { kind: "pin_changed", amount: null, name: "", path: "/wallet/settings/pin", isRead: false },
      { kind: "transfer_received", amount: money(10n, "XOF"), name: "Moussa D.", reference, path },
    ]);
    expect((await listNotices(sender.context, undefined)).notices).toMatchObject([
      { kind: "transfer_sent", amount: money(10n, "XOF"), name: "Awa T.", path },
      { kind: "deposit_credited", amount: money(100n, "XOF"), name: "" },
    ]);
  });

  it("come in pages by cursor, each once, and only one's own", async () => {
    const [user, other] = [await createUser(db), await createUser(db)];
    await tell(user, PAGE_SIZE + 5);
    await tell(other, 3);
    const first = await listNotices(user.context, undefined);
    const second = await listNotices(user.context, first.nextCursor ?? "");
    expect([first.notices.length, second.notices.length, second.nextCursor]).toEqual([PAGE_SIZE, 5, null]);
    const ids = [...first.notices, ...second.notices].map(({ id }) => id);
    expect(new Set(ids).size).toBe(PAGE_SIZE + 5);
    for (const cursor of ["", "0", "x", "' or 1=1", "9".repeat(40)])
      expect((await listNotices(user.context, cursor)).notices[0]?.id).toBe(ids[0]);
    expect((await listNotices(other.context, first.nextCursor ?? "")).notices).not.toContainEqual(
      expect.objectContaining({ id: ids.at(-1) }),
    );
  });

  it("are marked as read up to the newest that was shown, nobody else's", async () => {
    const [user, other] = [await createUser(db), await createUser(db)];
    await tell(user, 2);
    await tell(other);
    const [shown] = (await listNotices(user.context, undefined)).notices;
    await tell(user);
    const upTo = shown?.id.toString() ?? "";
    for (let time = 0; time < 2; time += 1) await markNoticesRead(user.context, { upTo });
    await markNoticesRead(other.context, { upTo: "1" });
    expect((await listNotices(user.context, undefined)).notices.map(({ isRead }) => isRead)).toEqual([
      false,
      true,
      true,
    ]);
    expect([await countUnread(db, user.userId), await countUnread(db, other.userId)]).toEqual([1, 1]);
  });

  it("are counted up to a maximum", async () => {
    const user = await createUser(db);
    await tell(user, UNREAD_COUNTED_MAX + 3);
    expect(await countUnread(db, user.userId)).toBe(UNREAD_COUNTED_MAX);
  });

  it("and choices are a person's, not an API key's", async () => {
    const { userId } = await createUser(db);
    const key = createContext(db, { kind: "api_key", userId, keyId: 1n });
    const refused = { code: "unauthenticated" };
    await expect(listNotices(key, undefined)).rejects.toMatchObject(refused);
    await expect(markNoticesRead(key, { upTo: "1" })).rejects.toMatchObject(refused);
    await expect(getNoticeChoices(key)).rejects.toMatchObject(refused);
    await expect(saveNoticeChoices(key, {})).rejects.toMatchObject(refused);
  });
});
