import { randomInt } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { inTransaction } from "@/db/transaction";
import { useDatabase } from "@/e2e/support/database";
import { createMember, typedTontine } from "@/e2e/support/tontines";
import { setVerifiedContact } from "../../identity/contacts/set-verified-contact";
import { openContent } from "../../messages/content";
import { addMember } from "./add-member";
import { createTontine } from "./create-tontine";
import { invite } from "./invite";
import { countInvited } from "./invite-by-phone";

vi.mock("@/lib/services/messages/available-channels", () => ({ availableChannels: () => ["sms"] }));

const { db, owner } = await useDatabase({ alone: true });

const newPhone = () => `+22671${randomInt(1_000_000).toString().padStart(6, "0")}`;

async function founder() {
  const chair = await createMember(db, "Awa", 0n);
  const { code } = await createTontine(chair.context, typedTontine());
  return { chair, code };
}

async function textsTo(phone: string): Promise<string[]> {
  const rows = await owner<{ key: string; content: Buffer }[]>`
    select key, content from outgoing_messages where recipient = ${phone} order by id`;
  return rows.map(({ key, content }) => openContent(key, content)?.text ?? "");
}

describe("somebody who is added by a number", () => {
  it("is told once who added them to what, with a link and no sum", async () => {
    const { chair, code } = await founder();
    const { token } = await invite(chair.context, { code });
    const phone = newPhone();
    const { isTold } = await addMember(chair.context, { code, name: "Mémé Aïssata", phone });
    expect(isTold).toBe(true);
    const [text] = await textsTo(phone);
    expect(text).toMatch(/^Cauris : Awa T vous invite dans la tontine Tontine des Soeurs\./);
    expect(text).toContain(`/join/${token}`);
    expect(text).not.toMatch(/FCFA|10 000/);
  });

  it("is told when the group is opened, if they were added before", async () => {
    const { chair, code } = await founder();
    const phone = newPhone();
    const { isTold } = await addMember(chair.context, { code, name: "Mémé Aïssata", phone });
    expect(isTold).toBe(false);
    expect(await textsTo(phone)).toEqual([]);
    for (let time = 0; time < 2; time += 1) await invite(chair.context, { code });
    expect(await textsTo(phone)).toHaveLength(1);
  });

  it("is told once a day, whoever adds them to whatever", async () => {
    const phone = newPhone();
    for (const isTold of [true, false]) {
      const { chair, code } = await founder();
      await invite(chair.context, { code });
      expect(await addMember(chair.context, { code, name: "Mémé", phone })).toMatchObject({ isTold });
    }
    expect(await textsTo(phone)).toHaveLength(1);
  });

  it("reads it in their account when they have one, by the channels that they chose", async () => {
    const phone = newPhone();
    const relative = await createMember(db, "Binta", 0n);
    await inTransaction(db, (tx) => setVerifiedContact(tx, relative.userId, { kind: "phone", value: phone }));
    const { chair, code } = await founder();
    await invite(chair.context, { code });
    await addMember(chair.context, { code, name: "Binta", phone });
    expect(await textsTo(phone)).toEqual([]);
    const told = await owner`
      select details from notices where user_id = ${relative.userId.toString()} and kind = 'tontine_invited'`;
    expect(told).toMatchObject([{ details: { name: "Awa T.", join: code } }]);
  });

  it("is one of thirty whom one person tells in a day", async () => {
    const { chair } = await founder();
    const phones = Array.from({ length: 31 }, newPhone);
    expect((await countInvited(chair.context, chair.userId, phones)).phones.size).toBe(30);
  });
});
