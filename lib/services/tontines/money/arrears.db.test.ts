import { expect, it, vi } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { TEST_PIN } from "@/e2e/support/people";
import { advance, duesOf, groupOfThree, heldIn, pay, timeOf, trioOf } from "@/e2e/support/tontines";
import { offerGuarantee, signGuarantee } from "../changes/guarantees";

vi.mock("@/lib/services/identity/pin/check-pin", () => import("@/e2e/support/cheap-pin"));

const { db, owner } = await useDatabase();

it("a guarantor whose wallet is empty is passed over: the fund covers, and the debt is the member's to the fund", async () => {
  const group = await groupOfThree(db, { solidarity: "5 000", francs: 30_000n });
  const [one, two, other] = trioOf(group);
  const { code } = group;
  const asked = { code, guarantorId: two.memberId.toString(), amount: "10 000" };
  const { guaranteeId } = await offerGuarantee(other.context, asked);
  await signGuarantee(two.context, { code, guaranteeId: guaranteeId.toString(), pin: TEST_PIN });
  await advance(group, timeOf(group, 1, -2));
  const kinds = ["contribution", "solidarity"];
  // The guarantor spends all that is in the wallet for the others.
  await pay(group, two, 1, { kinds });
  await pay(group, one, 1, { kinds, by: two });
  await advance(group, timeOf(group, 1, 0.1));
  await advance(group, timeOf(group, 1, 4.1));
  expect(await heldIn(group, "solidarity")).toBe(0n);
  const due = (await duesOf(group)).find(
    ({ memberId, kind }) => memberId === other.memberId && kind === "contribution",
  );
  expect(due).toMatchObject({ state: "covered", covered: 10_000n });
  const debts =
    await owner`select creditor, amount_minor::int as amount, repaid_minor::int as repaid from tontine_debts
    where debtor_member_id = ${other.memberId.toString()}`;
  expect([...debts]).toEqual([{ creditor: "solidarity", amount: 10_000, repaid: 0 }]);
});
