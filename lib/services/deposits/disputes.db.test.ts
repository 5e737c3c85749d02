import { describe, expect, it } from "vitest";
import { chargeback, refund, useDisputedDeposits } from "@/e2e/support/disputed-deposits";
import { createUser } from "@/e2e/support/people";
import { listDeadLetters } from "../back-office/list-dead-letters";
import { listDisputes } from "../back-office/list-disputes";
import { keepDeposit, takeBackDeposit } from "../back-office/resolve-dispute";
import { getOperation } from "../operations/get-operation";
import { startApiDeposit } from "./start-api-deposit";

/** Paystack's refunds and chargebacks of credited deposits: signed raw bytes in, state and ledger out. */
const { db, owner, client, system, decision, available, stateOf, deposit } = await useDisputedDeposits();

describe("a refund or chargeback of a credited deposit", () => {
  it("makes it disputed and its event need review; nothing is posted", async () => {
    const { user, reference } = await deposit();
    const { status, event } = await client.hear("paystack", refund(reference));
    expect([status, event]).toMatchObject([
      200,
      { state: "needs_review", outcome: "refunded_after_credit", reference, kind: "dispute" },
    ]);
    expect([await stateOf(reference), await available(user)]).toEqual(["disputed", 500_000n]);
    const deadLetters = await listDeadLetters(system());
    expect(
      deadLetters.filter((deadLetter) => deadLetter.reference === reference).map(({ kind }) => kind),
    ).toEqual(["event", "operation"]);
    expect(await getOperation(user.context, reference)).toMatchObject({
      status: "review",
      reason: "payment_refunded",
    });
  });

  it.each([
    ["create", {}, "dispute_begun"],
    ["remind", {}, "dispute_begun"],
    ["resolve", { status: "resolved", transaction: "reversed" }, "dispute_lost"],
  ])("charge.dispute.%s too", async (name, change, outcome) => {
    const { reference, charge } = await deposit();
    const transaction = "transaction" in change ? { ...charge, status: "reversed" } : charge;
    const body = chargeback(name, charge, { ...change, transaction });
    expect((await client.hear("paystack", body)).event).toMatchObject({
      state: "needs_review",
      outcome,
      reference,
    });
    expect(await stateOf(reference)).toBe("disputed");
  });

  it.each([
    ["message", (reference: string) => ({ message: { body: reference } })],
    ["list of texts", (reference: string) => ({ history: ["opened", reference] })],
    ["custom field", (reference: string) => ({ metadata: { order: reference } })],
  ])("of a foreign charge that quotes our reference in a %s disputes nothing", async (_, quote) => {
    const { reference, charge } = await deposit();
    const foreign = { ...charge, id: 999, reference: "shop-12345" };
    const body = chargeback("create", foreign, { id: `d-${reference}`, ...quote(reference) });
    expect((await client.hear("paystack", body)).event).toMatchObject({
      state: "needs_review",
      outcome: "only_mentioned",
      reference,
    });
    expect(await stateOf(reference)).toBe("succeeded");
  });

  it("before the credit only needs review, and the deposit can still be credited", async () => {
    const user = await createUser(db);
    const { reference } = await startApiDeposit(user.context, {
      amountMinor: 500_000n,
      currency: "NGN",
      key: null,
    });
    const { event } = await client.hear("paystack", refund(reference));
    expect(event).toMatchObject({ state: "needs_review", outcome: "disputed_before_credit", reference });
    expect(await stateOf(reference)).toBe("pending");
  });

  it("that failed ends the dispute: the deposit is kept", async () => {
    const { user, reference } = await deposit();
    await client.hear("paystack", { ...refund(reference), event: "refund.pending" });
    expect(await stateOf(reference)).toBe("disputed");
    const { event } = await client.hear("paystack", { ...refund(reference), event: "refund.failed" });
    expect(event).toMatchObject({ state: "processed", outcome: "dispute_won" });
    expect([await stateOf(reference), await available(user)]).toEqual(["kept", 500_000n]);
  });

  it("is listed for the operator with its owner", async () => {
    const { user, reference } = await deposit();
    await client.hear("paystack", refund(reference, { amount: 200_000 }));
    const listed = (await listDisputes(system())).filter((each) => each.reference === reference);
    expect(listed).toMatchObject([
      {
        type: "refund",
        outcome: "lost",
        amount: { amountMinor: 200_000n },
        owner: expect.stringContaining(user.walletNumber),
      },
    ]);
  });
});

describe("keeping a deposit", () => {
  it("leaves the money, and a dispute that is lost later is disputed again", async () => {
    const { user, reference, charge } = await deposit();
    await client.hear("paystack", chargeback("create", charge, { id: 500 }));
    expect(await keepDeposit(system(), { reference, ...decision })).toEqual({ outcome: "kept" });
    expect(await getOperation(user.context, reference)).toMatchObject({
      status: "succeeded",
      reason: "dispute_ended",
    });
    expect(await available(user)).toBe(500_000n);
    const lost = chargeback("resolve", charge, { id: 500, resolution: "merchant-accepted" });
    expect((await client.hear("paystack", lost)).event).toMatchObject({ outcome: "dispute_lost" });
    await takeBackDeposit(system(), { reference, ...decision });
    expect([await available(user), await stateOf(reference)]).toEqual([0n, "taken_back"]);
  });

  it("which was told won after it was taken back needs review", async () => {
    const { reference, charge } = await deposit();
    await client.hear("paystack", chargeback("create", charge, { id: 501 }));
    await takeBackDeposit(system(), { reference, ...decision });
    const won = chargeback("resolve", charge, { id: 501, resolution: "declined" });
    expect((await client.hear("paystack", won)).event).toMatchObject({
      state: "needs_review",
      outcome: "won_after_take_back",
    });
  });
});

describe("a dispute's row", () => {
  it("stays what it is, for the application and for the owner", async () => {
    const { reference } = await deposit();
    await client.hear("paystack", refund(reference));
    await keepDeposit(system(), { reference, ...decision });
    for (const statement of [
      "update disputes set subject = 'another'",
      "update disputes set operation_id = 1",
      "delete from disputes",
      "truncate disputes",
    ]) {
      await expect(db.$client.unsafe(statement)).rejects.toThrow("permission denied");
    }
    await expect(owner`delete from disputes`).rejects.toThrow("a row of disputes stays");
    await expect(owner`truncate disputes`).rejects.toThrow("a row of disputes stays");
    const kept = owner`update disputes set state = 'taken_back' where state = 'kept'`;
    await expect(kept).rejects.toThrow("disputed again before");
    const ended = owner`update disputes set amount_minor = 1 where state <> 'open'`;
    await expect(ended).rejects.toThrow("does not change");
  });
});
