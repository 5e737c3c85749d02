import type { APIRequestContext, APIResponse } from "@playwright/test";
import { expect, test } from "@/e2e/support/api";
import { asScript, type Fields, FOREIGN, formOf, OURS, post, withField } from "@/e2e/support/form-post";
import { PIN } from "@/e2e/support/pin-page";
import type { Deployment, Person } from "@/e2e/support/started-deployment";
import { choosePin } from "@/e2e/support/wallet-forms";
import { readWords } from "@/e2e/support/words";

const TYPED = { amount: "5000", phone: "+22670123456", method: "wave" };
const WITHDRAWAL = { amount: "2000", phone: "+22670123456", method: "orange_money" };
const { errors } = readWords("fr");

/** Answers the address of a fresh review page, of a person who has chosen a PIN. */
async function review(request: APIRequestContext): Promise<string> {
  await choosePin(request);
  const fields = await formOf(request, "/wallet/withdraw", "amount", WITHDRAWAL);
  const answer = await post(request, "/wallet/withdraw", fields, OURS);
  expect(answer.status()).toBe(303);
  return answer.headers().location ?? "";
}

async function expectUntouched(
  deployment: Deployment,
  person: Person,
  operations: number,
  available: bigint,
) {
  expect(await deployment.operationsOf(person)).toHaveLength(operations);
  expect(await deployment.balanceOf(person)).toEqual({ available, held: 0n });
}

/** Not a success, and not a crash. */
function expectRefused(answer: APIResponse): void {
  expect(answer.status()).toBeLessThan(500);
  expect(answer.headers().location ?? "").not.toMatch(/\/wallet\/(?:topup|transactions|withdraw)\//);
}

for (const [where, headers] of Object.entries(FOREIGN)) {
  test(`a top-up posted with ${where} does nothing`, async ({ signedIn, person, deployment }) => {
    const fields = await formOf(signedIn, "/wallet/topup", "amount", TYPED);
    expectRefused(await post(signedIn, "/wallet/topup", fields, headers));
    await expectUntouched(deployment, person, 0, 0n);
  });

  test(`a withdrawal confirmed with ${where} does nothing`, async ({ signedIn, person, deployment }) => {
    await deployment.fund(person, 5_000n);
    const address = await review(signedIn);
    const fields = await formOf(signedIn, address, "quoteId", { pin: PIN });
    expectRefused(await post(signedIn, address, fields, headers));
    await expectUntouched(deployment, person, 1, 5_000n);
  });

  test(`an action called as a script does, with ${where}, does nothing`, async ({
    signedIn,
    person,
    deployment,
  }) => {
    const fields = await formOf(signedIn, "/wallet/topup", "amount", TYPED);
    const { action, encoded } = asScript(fields);
    const answer = await post(signedIn, "/wallet/topup", encoded, { ...headers, "next-action": action });
    expectRefused(answer);
    await expectUntouched(deployment, person, 0, 0n);
  });
}

test("the same form posted from our own page works, so that the tests above can fail", async ({
  signedIn,
  person,
  deployment,
}) => {
  const fields = await formOf(signedIn, "/wallet/topup", "amount", TYPED);
  expect((await post(signedIn, "/wallet/topup", fields, OURS)).status()).toBe(303);
  expect(await deployment.operationsOf(person)).toHaveLength(1);
});

test("the same action called as a script does, from our own page, works, so that those tests can fail too", async ({
  signedIn,
  person,
  deployment,
}) => {
  const { action, encoded } = asScript(await formOf(signedIn, "/wallet/topup", "amount", TYPED));
  await post(signedIn, "/wallet/topup", encoded, { ...OURS, "next-action": action });
  expect(await deployment.operationsOf(person)).toHaveLength(1);
});

test("a form posted after the session has ended does nothing and says why", async ({
  signedIn,
  request,
  person,
  deployment,
}) => {
  const fields = await formOf(signedIn, "/wallet/topup", "amount", TYPED);
  const answer = await post(request, "/wallet/topup", fields, OURS);
  expect(answer.status()).toBeLessThan(500);
  await expectUntouched(deployment, person, 0, 0n);
});

test("somebody else's review can neither be seen nor confirmed", async ({
  signedIn,
  asStranger,
  person,
  stranger,
  deployment,
}) => {
  await deployment.fund(person, 5_000n);
  await deployment.fund(stranger, 5_000n);
  const mine = await review(signedIn);
  const theirs = await review(asStranger);
  const missing = mine.replace(/[0-9a-f-]{36}$/, "00000000-0000-4000-8000-000000000000");
  expect((await asStranger.get(mine)).status()).toBe(404);
  expect((await asStranger.get(missing)).status()).toBe(404);

  // Their own form, with the id of mine in it.
  const fields = await formOf(asStranger, theirs, "quoteId", { pin: PIN });
  const myQuote = mine.split("/").at(-1) ?? "";
  for (const forged of [myQuote, "00000000-0000-4000-8000-000000000000", "x", ""]) {
    expectRefused(await post(asStranger, theirs, withField(fields, "quoteId", forged), OURS));
  }
  await expectUntouched(deployment, person, 1, 5_000n);
  await expectUntouched(deployment, stranger, 1, 5_000n);
});

test("a used key with another amount is refused and makes nothing", async ({
  signedIn,
  person,
  deployment,
}) => {
  const fields = await formOf(signedIn, "/wallet/topup", "amount", TYPED);
  await post(signedIn, "/wallet/topup", fields, OURS);
  const answer = await post(signedIn, "/wallet/topup", withField(fields, "amount", "9000"), OURS);
  expect(answer.status()).toBeLessThan(400);
  expect(await answer.text()).toContain(errors.idempotency_mismatch);
  expect(await deployment.operationsOf(person)).toHaveLength(1);
});

test("another user's idempotency key makes a new operation", async ({
  signedIn,
  asStranger,
  person,
  stranger,
  deployment,
}) => {
  const fields = await formOf(signedIn, "/wallet/topup", "amount", TYPED);
  await post(signedIn, "/wallet/topup", fields, OURS);
  const key = fields.find(([name]) => name === "key")?.[1] ?? "";
  const theirs = withField(await formOf(asStranger, "/wallet/topup", "amount", TYPED), "key", key);
  await post(asStranger, "/wallet/topup", theirs, OURS);
  const [mine] = await deployment.operationsOf(person);
  const [other] = await deployment.operationsOf(stranger);
  expect(other?.reference).not.toBe(mine?.reference);
});

test("forged, repeated, missing and oversized fields are refused with messages and make nothing", async ({
  signedIn,
  person,
  deployment,
}) => {
  const good = await formOf(signedIn, "/wallet/topup", "amount", TYPED);
  const cases: Record<string, Fields> = {
    "a key that isn't one": withField(good, "key", "é"),
    "no key": good.filter(([name]) => name !== "key"),
    "a key too long": withField(good, "key", "k".repeat(256)),
    "another currency": withField(good, "currency", "EUR"),
    "an unknown method": withField(good, "method", "cash"),
    "a method of another country": withField(good, "method", "visa "),
    "the amount twice": [...good, ["amount", "1"]],
    "a long amount": withField(good, "amount", "1".repeat(20_000)),
    "a hundred more fields": [
      ...good,
      ...Array.from({ length: 100 }, (_, at): [string, string] => [`more${at}`, "x"]),
    ],
    "__proto__ and friends": [...withField(good, "amount", "0"), ["__proto__", "x"], ["constructor", "y"]],
  };
  for (const [what, fields] of Object.entries(cases)) {
    const answer = await post(signedIn, "/wallet/topup", fields, OURS);
    expect(answer.status(), what).toBeLessThan(500);
    expect(answer.headers().location, what).toBeUndefined();
    expect(await answer.text(), what).toContain('role="alert"');
  }
  await expectUntouched(deployment, person, 0, 0n);
});

test("extra fields change nothing about what is made", async ({ signedIn, person, deployment }) => {
  const good = await formOf(signedIn, "/wallet/topup", "amount", TYPED);
  const forged: Fields = [...good, ["state", "succeeded"], ["walletId", "1"], ["userId", "1"], ["fee", "-1"]];
  await post(signedIn, "/wallet/topup", forged, OURS);
  const [operation] = await deployment.operationsOf(person);
  expect(operation).toMatchObject({ status: "in_progress", type: "deposit" });
  expect(await deployment.balanceOf(person)).toEqual({ available: 0n, held: 0n });
});

test("a form with fields of no action is answered without a crash", async ({
  signedIn,
  person,
  deployment,
}) => {
  const garbage: Fields[] = [
    [["$ACTION_REF_1", ""]],
    [["$ACTION_ID_0000", ""]],
    [
      ["$ACTION_REF_1", ""],
      ["$ACTION_1:0", '{"id":"00","bound":null}'],
    ],
    [["x", "y"]],
  ];
  for (const fields of garbage) {
    const answer = await post(signedIn, "/wallet/topup", fields, OURS);
    expect(answer.status(), JSON.stringify(fields)).toBeLessThan(500);
  }
  await expectUntouched(deployment, person, 0, 0n);
});
