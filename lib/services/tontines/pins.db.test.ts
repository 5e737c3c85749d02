import { expect, it } from "vitest";
import { useDatabase } from "@/e2e/support/database";
import { codeOf, createMember } from "@/e2e/support/tontines";
import { newKey } from "@/lib/ids";
import type { Context } from "../context";
import { signGuarantee } from "./changes/guarantees";
import { acceptHandover, applyHandover, offerHandover } from "./changes/hand-over";
import { acceptLeaver, leaveTontine } from "./changes/leave-tontine";
import { acceptSwap, applySwap, offerSwap } from "./changes/swap-turns";
import { closeTontine } from "./closing/close-tontine";
import { signRules } from "./groups/sign-rules";
import { giveMandate, resumeMandate } from "./mandates/give-mandate";
import { payDues } from "./money/pay-dues";
import { payInAdvance } from "./money/pay-in-advance";
import { repayDebts } from "./money/repay-debts";
import { approvePayout } from "./payouts/approve-payout";
import { refusePayout } from "./payouts/refuse-payout";
import { startTontine } from "./turns/start-tontine";

const { db } = await useDatabase();
const [chair] = [await createMember(db, "Awa", 0n)];
const code = await codeOf([chair, await createMember(db, "Binta", 0n), await createMember(db, "Chidi", 0n)]);

const pin = "";
const money = () => ({ code, amount: "5", pin, key: newKey() });
const offer = { code, id: "1", pin };

/** Every verb that binds its actor, or takes money from their wallet. */
const VERBS: Record<string, (context: Context) => Promise<unknown>> = {
  acceptHandover: (context) => acceptHandover(context, offer),
  acceptLeaver: (context) => acceptLeaver(context, { code, memberId: "1", pin }),
  acceptSwap: (context) => acceptSwap(context, offer),
  applyHandover: (context) => applyHandover(context, offer),
  applySwap: (context) => applySwap(context, offer),
  approvePayout: (context) => approvePayout(context, { code, payoutId: "1", hash: "", pin }),
  closeTontine: (context) => closeTontine(context, { code, pin }),
  giveMandate: (context) => giveMandate(context, { code, ceiling: "5", endsOn: "2099-01-01", pin }),
  leaveTontine: (context) => leaveTontine(context, { code, pin }),
  offerHandover: (context) => offerHandover(context, { code, holderId: "1", toMemberId: "1", pin }),
  offerSwap: (context) => offerSwap(context, { code, holderId: "1", withHolderId: "2", pin }),
  payDues: (context) => payDues(context, { code, dueIds: ["1"], pin, key: newKey() }),
  payInAdvance: (context) => payInAdvance(context, money()),
  refusePayout: (context) => refusePayout(context, { code, payoutId: "1", reason: "x", pin }),
  repayDebts: (context) => repayDebts(context, money()),
  resumeMandate: (context) => resumeMandate(context, { code, pin }),
  signGuarantee: (context) => signGuarantee(context, { code, guaranteeId: "1", pin }),
  signRules: (context) => signRules(context, { code, hash: "", pin }),
  startTontine: (context) => startTontine(context, { code, pin }),
};

it.each(Object.keys(VERBS))("%s asks for the PIN, and takes no API key", async (name) => {
  await expect(VERBS[name]?.(chair.context)).rejects.toMatchObject({ code: "pin_required" });
  const byKey: Context = { ...chair.context, actor: { kind: "api_key", userId: chair.userId, keyId: 1n } };
  await expect(VERBS[name]?.(byKey)).rejects.toMatchObject({ code: "unauthenticated" });
});
