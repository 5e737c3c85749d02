import { describe, expect, it } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createUser, fundWallet } from "@/e2e/support/people";
import { newKey } from "@/lib/ids";
import { money } from "@/lib/money/money";
import { STATES } from "../operations/kinds";
import { sendTransfer } from "../transfers/send-transfer";
import { sendTransfers } from "../transfers/send-transfers";
import { OPERATION_NOTICES } from "./kinds";
import { recordNotice } from "./record-notice";

const { db, owner } = await useDatabase();

interface Told {
  kind: string;
  reference: string | null;
}

async function toldTo(userId: bigint): Promise<Told[]> {
  return await owner<Told[]>`
    select n.kind, o.reference from notices n left join operations o on o.id = n.operation_id
    where n.user_id = ${userId.toString()} order by n.id`;
}

describe("a notice that a verb records", () => {
  const device = { kind: "new_device", details: { device: "Chrome · Android" } } as const;

  it("is written once for a key and a person", async () => {
    const [awa, ali] = [await createUser(db), await createUser(db)];
    const key = newKey();
    for (const { userId } of [awa, awa, ali]) {
      await inTransaction(db, (tx) => recordNotice(tx, { userId, ...device, key }));
    }
    for (const { userId } of [awa, ali]) {
      expect(await toldTo(userId)).toEqual([{ kind: "new_device", reference: null }]);
    }
  });

  it("is written with what it tells or not at all", async () => {
    const { userId } = await createUser(db);
    const failing = inTransaction(db, async (tx) => {
      await recordNotice(tx, { userId, ...device, key: newKey() });
      throw new Error("rolled back");
    });
    await expect(failing).rejects.toThrow("rolled back");
    expect(await toldTo(userId)).toEqual([]);
  });

  it("stays as it was written, whoever writes", async () => {
    const { userId } = await createUser(db);
    await inTransaction(db, (tx) => recordNotice(tx, { userId, ...device, key: newKey() }));
    const id = userId.toString();
    await expect(db.$client`update notices set kind = 'pin_set' where user_id = ${id}`).rejects.toThrow();
    await expect(owner`update notices set kind = 'pin_set' where user_id = ${id}`).rejects.toThrow();
    await expect(db.$client`delete from notices where user_id = ${id}`).rejects.toThrow();
    await db.$client`update notices set read_at = now() where user_id = ${id}`;
    await expect(db.$client`update notices set read_at = null where user_id = ${id}`).rejects.toThrow();
  });
});

describe("operation_notices", () => {
  it("equals OPERATION_NOTICES", async () => {
    const rows = await owner<{ row: string }[]>`
      select concat_ws(' ', type, from_state, to_state, party, kind) as row from operation_notices`;
    const inTypeScript = OPERATION_NOTICES.flatMap(({ type, from, to, party, kind }) =>
      (from ?? [""]).map((state) => [type, state, to, party, kind].join(" ")),
    );
    expect(rows.map(({ row }) => row).sort()).toEqual(inTypeScript.sort());
  });

  it("names edges that operations have", async () => {
    const unknown = await owner`
      select n.* from operation_notices n where n.from_state <> ''
        and not exists (select from operation_edges e where e.type = n.type and e.from_state = n.from_state and e.to_state = n.to_state)`;
    expect(unknown).toEqual([]);
  });

  /** Edges that nobody hears of, each with the reason. */
  const SILENT: Record<string, string> = {
    "deposit pending expired": "nothing was paid, and its payer knows",
    "withdrawal paid reversed": "refunded in the same transaction",
    "withdrawal created submitting": "on its way",
    "withdrawal submitting created": "on its way",
    "withdrawal submitting submitted": "on its way",
    "withdrawal submitting unknown": "on its way: told when it takes long",
    "withdrawal submitted unknown": "on its way: told when it takes long",
    "withdrawal unknown submitting": "on its way",
    "withdrawal unknown submitted": "on its way",
  };

  it("tells of every edge but those that nobody needs to hear of", () => {
    const told = new Set(
      OPERATION_NOTICES.flatMap(({ type, from, to }) =>
        (from ?? []).map((state) => `${type} ${state} ${to}`),
      ),
    );
    const edges = STATES.flatMap(({ type, state, next = [] }) => next.map((to) => `${type} ${state} ${to}`));
    expect(edges.filter((edge) => !told.has(edge)).sort()).toEqual(Object.keys(SILENT).sort());
  });
});

describe("money", () => {
  it("tells both sides of a transfer, and the payer of a deposit", async () => {
    const [sender, recipient] = [await createUser(db), await createUser(db)];
    const deposit = await fundWallet(db, sender.walletId, money(100n, "XOF"));
    const input = { walletNumber: recipient.walletNumber, amount: money(10n, "XOF") };
    const { reference } = await sendTransfer(sender.context, input);
    expect(await toldTo(sender.userId)).toEqual([
      { kind: "deposit_credited", reference: deposit },
      { kind: "transfer_sent", reference },
    ]);
    expect(await toldTo(recipient.userId)).toEqual([{ kind: "transfer_received", reference }]);
  });

  it("tells of each transfer of a list once, and of none that was refused or replayed", async () => {
    const [sender, recipient] = [await createUser(db), await createUser(db)];
    await fundWallet(db, sender.walletId, money(25n, "XOF"));
    const item = { walletNumber: recipient.walletNumber, amount: money(10n, "XOF") };
    const input = { key: newKey(), transfers: [item, item, item] };
    for (let time = 0; time < 2; time += 1) await sendTransfers(sender.context, input);
    expect((await toldTo(recipient.userId)).map(({ kind }) => kind)).toEqual([
      "transfer_received",
      "transfer_received",
    ]);
    expect((await toldTo(sender.userId)).map(({ kind }) => kind)).toEqual([
      "deposit_credited",
      "transfer_sent",
      "transfer_sent",
    ]);
  });
});
