import { describe, expect, it } from "vitest";
import { chargeback, refund, smallRefund, useDisputedDeposits } from "@/e2e/support/disputed-deposits";
import { chart } from "@/lib/ledger/chart";
import { money } from "@/lib/money/money";
import { listDeadLetters } from "../back-office/list-dead-letters";
import { listDisputes } from "../back-office/list-disputes";
import { keepDeposit, takeBackDeposit } from "../back-office/resolve-dispute";
import { getOperation } from "../operations/get-operation";
import { processWebhook } from "../provider-events/process-webhook";
import { replayWebhook } from "../provider-events/replay-webhook";
import { sendTransfer } from "../transfers/send-transfer";
import { getWallet } from "../wallets/get-wallet";
import { collectOwed } from "./collect-owed";

/** Paystack's refunds and chargebacks of credited deposits: signed raw bytes in, state and ledger out. */
const { client, system, decision, available, owed, stateOf, deposit, spend } = await useDisputedDeposits();

describe("taking a deposit back", () => {
  it("takes it from the available balance, once, and the owner reads why", async () => {
    const { user, reference } = await deposit();
    await client.hear("paystack", refund(reference));
    const clearing = await client.balanceOf(chart.clearing("paystack", "NGN"));
    const resolution = await takeBackDeposit(system(), { reference, ...decision });
    expect(resolution).toMatchObject({
      outcome: "taken_back",
      taken: { amountMinor: 500_000n },
      owed: { amountMinor: 0n },
    });
    expect(await available(user)).toBe(0n);
    expect((await client.balanceOf(chart.clearing("paystack", "NGN"))) - clearing).toBe(500_000n);
    expect(await getOperation(user.context, reference)).toMatchObject({
      status: "refunded",
      reason: "taken_back",
      takenBack: { amountMinor: 500_000n },
    });
    const again = await takeBackDeposit(system(), { reference, ...decision });
    expect(again).toEqual({ outcome: "not_open", state: "taken_back" });
    const deadLetters = await listDeadLetters(system());
    expect(deadLetters.filter((deadLetter) => deadLetter.reference === reference)).toEqual([]);
  });

  it("leaves what was spent as an amount owed, which the next deposit pays first", async () => {
    const { user, reference } = await deposit();
    await spend(user, 450_000n);
    await client.hear("paystack", refund(reference));
    const resolution = await takeBackDeposit(system(), { reference, ...decision });
    expect(resolution).toMatchObject({ taken: { amountMinor: 50_000n }, owed: { amountMinor: 450_000n } });
    expect([await available(user), await owed(user)]).toEqual([0n, 450_000n]);
    const wallet = await getWallet(user.context);
    expect(wallet.balances.find(({ currency }) => currency === "NGN")?.owed.amountMinor).toBe(450_000n);
    await deposit(user);
    expect([await available(user), await owed(user)]).toEqual([50_000n, 0n]);
  });

  it("has money that comes from another person pay what is owed", async () => {
    const [debtor, friend] = [await deposit(), await deposit()];
    await spend(debtor.user, 500_000n);
    await client.hear("paystack", refund(debtor.reference));
    await takeBackDeposit(system(), { reference: debtor.reference, ...decision });
    await sendTransfer(friend.user.context, {
      walletNumber: debtor.user.walletNumber,
      amount: money(200_000n, "NGN"),
    });
    expect(await collectOwed(system())).toBe(1);
    expect([await available(debtor.user), await owed(debtor.user)]).toEqual([0n, 300_000n]);
    expect(await collectOwed(system())).toBe(0);
  });

  it("in parts takes each part once, and never more than the deposit", async () => {
    const { user, reference } = await deposit();
    const part = (name: string, amount: number) => refund(reference, { refund_reference: name, amount });
    await client.hear("paystack", { ...part("RF-A", 200_000), event: "refund.pending" });
    await client.hear("paystack", part("RF-A", 200_000));
    await takeBackDeposit(system(), { reference, ...decision });
    expect(await available(user)).toBe(300_000n);
    const repeated = await client.hear("paystack", { ...part("RF-A", 200_000), event: "refund.processing" });
    expect(repeated.event).toMatchObject({ state: "processed", outcome: "already_taken_back" });
    await client.hear("paystack", part("RF-B", 400_000));
    await takeBackDeposit(system(), { reference, ...decision });
    expect([await available(user), await owed(user), await stateOf(reference)]).toEqual([
      0n,
      0n,
      "taken_back",
    ]);
    const third = await client.hear("paystack", part("RF-C", 100_000));
    expect(third.event).toMatchObject({ state: "needs_review", outcome: "refunded_after_credit" });
    expect(await takeBackDeposit(system(), { reference, ...decision })).toMatchObject({
      taken: { amountMinor: 0n },
      owed: { amountMinor: 0n },
    });
    expect([await available(user), await owed(user), await stateOf(reference)]).toEqual([
      0n,
      0n,
      "taken_back",
    ]);
  });

  it("of a refund whose first event had no name takes it once", async () => {
    const { user, reference } = await deposit();
    const nameless = refund(reference, { refund_reference: null, amount: 200_000 });
    await client.hear("paystack", { ...nameless, event: "refund.pending" });
    await client.hear("paystack", refund(reference, { amount: 200_000 }));
    await takeBackDeposit(system(), { reference, ...decision });
    expect(await available(user)).toBe(300_000n);
  });

  it("takes a refund that came while a chargeback was open, which was won then", async () => {
    const { user, reference, charge } = await deposit();
    await client.hear("paystack", chargeback("create", charge, { id: 601 }));
    const { event } = await client.hear("paystack", refund(reference));
    expect(event).toMatchObject({ state: "needs_review", outcome: "refunded_after_credit" });
    await client.hear("paystack", chargeback("resolve", charge, { id: 601, resolution: "declined" }));
    expect(await stateOf(reference)).toBe("disputed");
    await takeBackDeposit(system(), { reference, ...decision });
    expect([await available(user), await owed(user), await stateOf(reference)]).toEqual([
      0n,
      0n,
      "taken_back",
    ]);
  });

  it("of a refund beside a chargeback takes no more than the deposit", async () => {
    const { user, reference, charge } = await deposit();
    await spend(user, 500_000n);
    await client.hear("paystack", refund(reference, { amount: 200_000 }));
    const lost = chargeback("resolve", charge, { id: 602, resolution: "merchant-accepted" });
    expect((await client.hear("paystack", lost)).event).toMatchObject({ outcome: "dispute_lost" });
    await takeBackDeposit(system(), { reference, ...decision });
    expect([await owed(user), await stateOf(reference)]).toEqual([500_000n, "taken_back"]);
    expect(await getOperation(user.context, reference)).toMatchObject({
      takenBack: { amountMinor: 500_000n },
    });
  });

  it("of a chargeback that was accepted in part takes this part, whatever comes late", async () => {
    const { user, reference, charge } = await deposit();
    await client.hear("paystack", chargeback("create", charge, { id: 603 }));
    const part = { id: 603, refund_amount: 200_000, resolution: "merchant-accepted" };
    await client.hear("paystack", chargeback("resolve", charge, part));
    await client.hear("paystack", chargeback("remind", charge, { id: 603 }));
    await takeBackDeposit(system(), { reference, ...decision });
    expect(await available(user)).toBe(300_000n);
  });

  it("of a chargeback accepted without an amount takes what was asked back before", async () => {
    const { user, reference, charge } = await deposit();
    await client.hear("paystack", chargeback("create", charge, { id: 604, refund_amount: 200_000 }));
    const lost = { id: 604, refund_amount: undefined, resolution: "auto-accepted" };
    await client.hear("paystack", chargeback("resolve", charge, lost));
    await takeBackDeposit(system(), { reference, ...decision });
    expect(await available(user)).toBe(300_000n);
  });

  it("of two refunds of one amount takes both, whether their first events had a name or not", async () => {
    const { user, reference } = await deposit();
    const named = (name: string | null) => smallRefund(reference, name);
    const takeBack = () => takeBackDeposit(system(), { reference, ...decision });
    await client.hear("paystack", { ...named(null), event: "refund.pending" });
    await client.hear("paystack", named("RF-1"));
    await takeBack();
    await client.hear("paystack", { ...named(null), event: "refund.processing" });
    const second = await client.hear("paystack", named("RF-2"));
    expect(second.event).toMatchObject({ state: "needs_review", outcome: "refunded_after_credit" });
    await takeBack();
    const third = await client.hear("paystack", named(null));
    expect(third.event).toMatchObject({ state: "needs_review" });
    expect([await available(user), await stateOf(reference)]).toEqual([300_000n, "disputed"]);
  });

  it.each([
    ["named", "RF-1", "dispute_won"],
    ["other", "RF-2", "not_disputed"],
    ["nameless", null, "not_disputed"],
  ])("isn't undone by a %s refund of the same amount that failed", async (kind, failing, outcome) => {
    const { user, reference } = await deposit();
    const named = (name: string | null) => smallRefund(reference, name);
    await client.hear("paystack", { ...named(null), event: "refund.pending" });
    if (kind !== "named") await client.hear("paystack", named("RF-1"));
    const failed = await client.hear("paystack", { ...named(failing), event: "refund.failed" });
    expect(failed.event).toMatchObject({ outcome: kind === "nameless" ? "already_kept" : outcome });
    expect(await stateOf(reference)).toBe(kind === "named" ? "kept" : "disputed");
    if (kind === "named") await client.hear("paystack", named("RF-2"));
    await takeBackDeposit(system(), { reference, ...decision });
    expect([await available(user), await stateOf(reference)]).toEqual([400_000n, "taken_back"]);
  });

  it("before its refund had a name takes it once, also when its events come again", async () => {
    const { user, reference } = await deposit();
    const named = (name: string | null) => smallRefund(reference, name);
    await client.hear("paystack", { ...named(null), event: "refund.pending" });
    await takeBackDeposit(system(), { reference, ...decision });
    const first = await client.hear("paystack", named("RF-1"));
    expect(first.event).toMatchObject({ state: "processed", outcome: "already_taken_back" });
    await replayWebhook(system(), BigInt(first.event?.id ?? 0));
    await processWebhook(system(), BigInt(first.event?.id ?? 0));
    expect([await available(user), await stateOf(reference)]).toEqual([400_000n, "taken_back"]);
    const failed = await client.hear("paystack", { ...named("RF-1"), event: "refund.failed" });
    expect(failed.event).toMatchObject({ state: "needs_review", outcome: "won_after_take_back" });
    const second = await client.hear("paystack", named("RF-2"));
    expect(second.event).toMatchObject({ state: "needs_review", outcome: "refunded_after_credit" });
  });

  it("survives its events again, its credit's too", async () => {
    const { user, reference, charge } = await deposit();
    const { event } = await client.hear("paystack", refund(reference));
    await takeBackDeposit(system(), { reference, ...decision });
    await replayWebhook(system(), BigInt(event?.id ?? 0));
    await processWebhook(system(), BigInt(event?.id ?? 0));
    await client.hear("paystack", { event: "charge.success", data: { ...charge, id: charge.id + 50_000 } });
    expect([await available(user), await owed(user), await stateOf(reference)]).toEqual([
      0n,
      0n,
      "taken_back",
    ]);
  });

  it("leaves events in review that are about something else", async () => {
    const { reference } = await deposit();
    const strange = { event: "charge.strange", data: { reference, amount: 500_000, currency: "NGN" } };
    const other = await client.hear("paystack", strange);
    expect(other.event).toMatchObject({ state: "needs_review", reference });
    await client.hear("paystack", refund(reference));
    await takeBackDeposit(system(), { reference, ...decision });
    const deadLetters = (await listDeadLetters(system())).filter(
      (deadLetter) => deadLetter.reference === reference,
    );
    expect(deadLetters).toMatchObject([{ kind: "event", id: other.event?.id }]);
  });

  it("is an operator's alone", async () => {
    const { user, reference } = await deposit();
    await client.hear("paystack", refund(reference));
    for (const verb of [takeBackDeposit, keepDeposit]) {
      await expect(verb(user.context, { reference, ...decision })).rejects.toMatchObject({
        code: "unauthenticated",
      });
      const unknown = verb(system(), { reference: "TXN-NOBODYS", ...decision });
      await expect(unknown).rejects.toMatchObject({ code: "not_found" });
    }
    await expect(listDisputes(user.context)).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await stateOf(reference)).toBe("disputed");
  });

  it("thirty times at once, beside a spender, takes it once and nothing goes below zero", async () => {
    const { user, reference } = await deposit();
    await client.hear("paystack", refund(reference));
    const spending = Array.from({ length: 10 }, () => spend(user, 40_000n).catch(() => null));
    const taking = Array.from({ length: 30 }, () => takeBackDeposit(system(), { reference, ...decision }));
    const resolutions = await Promise.all(taking);
    const spent = (await Promise.all(spending)).filter((sent) => sent !== null).length;
    expect(resolutions.filter(({ outcome }) => outcome === "taken_back")).toHaveLength(1);
    expect([await available(user), await owed(user)]).toEqual([0n, BigInt(spent) * 40_000n]);
  });
});
