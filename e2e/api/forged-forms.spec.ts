import type { APIResponse } from "@playwright/test";
import { comparable, expect, test } from "@/e2e/support/api";
import { asScript, type Fields, formOf, OURS, post, withField } from "@/e2e/support/form-post";
import { WALLET_FORMS } from "@/e2e/support/wallet-forms";
import { readWords } from "@/e2e/support/words";

/*
 * One cheap check of each form. Elsewhere: every kind of foreign origin and of malformed form in lib/next/run-action.test.ts, each
 * action with every caller and bypass variant in e2e/resilience/access, odd values in every field in e2e/resilience/fuzzing.
 */

const { errors } = readWords("fr");
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const FOREIGN = { origin: "https://evil.example" };
const TYPED = { amount: "5000", phone: "+22670123456", method: "wave" };

/** Neither a 5xx, nor the page for unexpected errors, nor the redirect of a success. */
async function expectRefused(answer: APIResponse, what: string): Promise<string> {
  const text = await answer.text();
  expect(answer.status(), what).toBeLessThan(500);
  expect(text, what).not.toContain(errors.internal);
  expect(answer.headers().location ?? "/sign-in", what).toMatch(/\/sign-in/);
  return text;
}

for (const [name, form] of Object.entries(WALLET_FORMS)) {
  test(`${name}: neither from another site, nor without a session, nor with a control character`, async ({
    signedIn,
    request,
    person,
    deployment,
  }) => {
    const { address, fields } = await form.ready({ request: signedIn, person, deployment });
    const before = await deployment.readUserState(person);
    const { action, encoded } = asScript(fields);
    const asForeignScript = { ...FOREIGN, "next-action": action };
    const fieldValue = (field: string) => fields.find(([each]) => each === field)?.[1] ?? "";
    const refused: Record<string, () => Promise<APIResponse>> = {
      "another site's form": () => post(signedIn, address, fields, FOREIGN),
      "another site's script": () => post(signedIn, address, encoded, asForeignScript),
      "no session": () => post(request, address, fields, OURS),
    };
    for (const field of [...form.typed, ...(form.id ? [form.id] : []), ...(form.keyed ? ["key"] : [])]) {
      const forged = withField(fields, field, `${fieldValue(field)}\u0000`);
      refused[`${field} with a NUL`] = () => post(signedIn, address, forged, OURS);
    }
    for (const [what, send] of Object.entries(refused)) {
      await expectRefused(await send(), what);
      expect(await deployment.readUserState(person), what).toEqual(before);
    }
    expect([200, 303]).toContain((await post(signedIn, address, fields, OURS)).status());
    expect(await deployment.readUserState(person), "from our own page it works").not.toEqual(before);
  });

  const { id: field } = form;
  if (field === undefined) continue;

  test(`${name}: what is somebody else's is refused exactly like what doesn't exist`, async ({
    signedIn,
    asStranger,
    person,
    stranger,
    deployment,
  }) => {
    const mine = await form.ready({ request: signedIn, person, deployment });
    const theirs = await form.ready({ request: asStranger, person: stranger, deployment });
    const readBoth = async () => [
      await deployment.readUserState(person),
      await deployment.readUserState(stranger),
    ];
    const before = await readBoth();
    const own = mine.fields.find(([each]) => each === field)?.[1] ?? "";
    expect(own).not.toBe("");
    const missing = field === "quoteId" ? "00000000-0000-4000-8000-000000000000" : "999999999999999999";
    // React keeps what was posted in the form, for whoever posted it.
    const posted = new RegExp(`&quot;${field}&quot;:&quot;[^&]*&quot;`, "g");
    const answerTo = async (id: string) => {
      const answer = await post(asStranger, theirs.address, withField(theirs.fields, field, id), OURS);
      const text = await expectRefused(answer, id);
      return `${answer.status()} ${comparable(text).replace(UUID, "…").replace(posted, "")}`;
    };
    for (const odd of ["", "x", "-1", "1e3", "9".repeat(40)]) await answerTo(odd);
    const absent = await answerTo(missing);
    expect(absent).toContain('role="alert"');
    expect(await answerTo(own)).toBe(absent);
    expect(await readBoth()).toEqual(before);
  });
}

test("a used key is refused with another amount, and another user's key makes a new operation", async ({
  signedIn,
  asStranger,
  person,
  stranger,
  deployment,
}) => {
  const fields = await formOf(signedIn, "/wallet/topup", "amount", TYPED);
  await post(signedIn, "/wallet/topup", fields, OURS);
  const answer = await post(signedIn, "/wallet/topup", withField(fields, "amount", "9000"), OURS);
  expect(answer.status()).toBeLessThan(400);
  expect(await answer.text()).toContain(errors.idempotency_mismatch);
  expect(await deployment.operationsOf(person)).toHaveLength(1);
  const key = fields.find(([name]) => name === "key")?.[1] ?? "";
  const theirs = withField(await formOf(asStranger, "/wallet/topup", "amount", TYPED), "key", key);
  await post(asStranger, "/wallet/topup", theirs, OURS);
  const [mine] = await deployment.operationsOf(person);
  const [other] = await deployment.operationsOf(stranger);
  expect(other?.reference).not.toBe(mine?.reference);
});

test("hidden and chosen fields with values that the page doesn't have are refused with messages", async ({
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
  };
  for (const [what, fields] of Object.entries(cases)) {
    const text = await expectRefused(await post(signedIn, "/wallet/topup", fields, OURS), what);
    expect(text, what).toContain('role="alert"');
  }
  for (const garbage of ['{"id":"00","bound":null}', "", "{"]) {
    const fields: Fields = [
      ["$ACTION_REF_1", ""],
      ["$ACTION_1:0", garbage],
    ];
    const answer = await post(signedIn, "/wallet/topup", fields, OURS);
    expect(answer.status(), garbage).toBeLessThan(500);
  }
  expect(await deployment.operationsOf(person)).toHaveLength(0);
});

test("extra fields change nothing about what is sent, set apart, deposited or allowed", async ({
  signedIn: request,
  person,
  stranger,
  deployment,
}) => {
  const extra: Fields = [
    ["walletNumber", stranger.walletNumber],
    ["counterpartyWalletId", String(stranger.walletId)],
    ["walletId", String(stranger.walletId)],
    ["userId", String(stranger.userId)],
    ["amountMinor", "9000"],
    ["fee", "-1"],
    ["balance", "1000000"],
    ["permissions", "withdraw"],
    ["state", "succeeded"],
    ["__proto__", "x"],
    ["constructor", "y"],
  ];
  const before = await deployment.readUserState(stranger);
  const forms = ["confirm a transfer", "put money into a vault", "create a key", "top up in francs"];
  for (const name of forms) {
    const ready = await WALLET_FORMS[name]?.ready({ request, person, deployment });
    if (!ready) throw new Error(`${name} is a form`);
    const answer = await post(request, ready.address, [...ready.fields, ...extra], OURS);
    expect([200, 303], name).toContain(answer.status());
  }
  const { operations, keys } = await deployment.readUserState(person);
  const made = operations.filter(({ type, state }) => type !== "deposit" || state !== "succeeded");
  expect(
    made.map(({ type, state, amount_minor, fee_minor }) => [
      type,
      state,
      Number(amount_minor),
      Number(fee_minor),
    ]),
  ).toEqual([
    ["transfer", "succeeded", 2_000, 0],
    ["vault_deposit", "succeeded", 3_000, 0],
    ["vault_deposit", "succeeded", 1_000, 0],
    ["deposit", "pending", 5_000, 0],
  ]);
  expect(keys.map(({ permissions }) => permissions)).toEqual([["read"]]);
  expect(await deployment.readUserState(stranger)).toEqual(before);
});
