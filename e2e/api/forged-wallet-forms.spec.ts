import type { APIResponse } from "@playwright/test";
import { comparable, expect, test } from "@/e2e/support/api";
import { asScript, type Fields, FOREIGN, OURS, post, withField } from "@/e2e/support/form-post";
import { WALLET_FORMS } from "@/e2e/support/wallet-forms";
import { readWords } from "@/e2e/support/words";

const { errors } = readWords("fr");
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Neither a 5xx nor the page for unexpected errors. */
async function expectAnswered(answer: APIResponse, what: string): Promise<string> {
  const text = await answer.text();
  expect(answer.status(), what).toBeLessThan(500);
  expect(text, what).not.toContain(errors.internal);
  return text;
}

for (const [name, form] of Object.entries(WALLET_FORMS)) {
  for (const kind of ["a form", "a script"] as const) {
    test(`${name}: ${kind} from elsewhere does nothing, and one from our own page does it`, async ({
      signedIn: request,
      person,
      deployment,
    }) => {
      const { address, fields } = await form.ready({ request, person, deployment });
      const before = await deployment.readUserState(person);
      const { action, encoded } = asScript(fields);
      const send = (headers: Record<string, string>) =>
        kind === "a form"
          ? post(request, address, fields, headers)
          : post(request, address, encoded, { ...headers, "next-action": action });
      for (const [where, headers] of Object.entries(FOREIGN)) {
        const answer = await send(headers);
        await expectAnswered(answer, where);
        expect(await deployment.readUserState(person), where).toEqual(before);
      }
      const answer = await send(OURS);
      expect([200, 303]).toContain(answer.status());
      expect(await deployment.readUserState(person)).not.toEqual(before);
    });
  }

  test(`${name}: repeated, missing, extra and oversized fields do nothing and crash nothing`, async ({
    signedIn: request,
    person,
    deployment,
  }) => {
    const { address, fields } = await form.ready({ request, person, deployment });
    const before = await deployment.readUserState(person);
    const names = [...form.typed, ...(form.id ? [form.id] : []), ...(form.keyed ? ["key"] : [])];
    for (const [what, forged] of Object.entries(malformed(fields, names))) {
      const answer = await post(request, address, forged, OURS);
      await expectAnswered(answer, what);
      expect(answer.headers().location, what).toBeUndefined();
      expect(await deployment.readUserState(person), what).toEqual(before);
    }
  });

  test(`${name}: without a session it does nothing`, async ({ signedIn, request, person, deployment }) => {
    const { address, fields } = await form.ready({ request: signedIn, person, deployment });
    const before = await deployment.readUserState(person);
    await expectAnswered(await post(request, address, fields, OURS), name);
    expect(await deployment.readUserState(person)).toEqual(before);
  });
}

/** The form as no page of ours posts it. */
function malformed(good: Fields, names: readonly string[]): Record<string, Fields> {
  const more = Array.from({ length: 100 }, (_, at): [string, string] => [`more${at}`, "x"]);
  const cases: Record<string, Fields> = {
    "a hundred more fields": [...good, ...more],
    "a long unknown field": [...good, ["more", "x".repeat(2_000)]],
  };
  for (const name of names) {
    const value = good.find(([each]) => each === name)?.[1];
    if (value === undefined) throw new Error(`the form has no ${name}`);
    cases[`${name} twice`] = [...good, [name, value]];
    cases[`${name} too long`] = withField(good, name, "1".repeat(20_000));
    cases[`${name} with a NUL`] = withField(good, name, `${value}\u0000`);
    cases[`${name} with a right-to-left override`] = withField(good, name, `\u202e${value}`);
  }
  return cases;
}

const withId = Object.entries(WALLET_FORMS).flatMap(([name, form]) =>
  form.id ? [{ name, ready: form.ready, field: form.id }] : [],
);

for (const { name, ready, field } of withId) {
  test(`${name}: what is somebody else's is refused exactly like what doesn't exist`, async ({
    signedIn,
    asStranger,
    person,
    stranger,
    deployment,
  }) => {
    const mine = await ready({ request: signedIn, person, deployment });
    const theirs = await ready({ request: asStranger, person: stranger, deployment });
    const before = [await deployment.readUserState(person), await deployment.readUserState(stranger)];
    const idOf = ({ fields }: typeof mine) => fields.find(([each]) => each === field)?.[1] ?? "";
    expect(idOf(mine)).not.toBe("");
    const missing = field === "quoteId" ? "00000000-0000-4000-8000-000000000000" : "999999999999999999";
    // React keeps what was posted in the form, for whoever posted it.
    const posted = new RegExp(`&quot;${field}&quot;:&quot;[^&]*&quot;`, "g");
    const answers = new Map<string, string>();
    const odd = ["", "x", "0", "-1", "1e3", "9".repeat(19), "9".repeat(40), `${idOf(mine)}\u0000`];
    for (const id of [idOf(mine), missing, ...odd]) {
      const answer = await post(asStranger, theirs.address, withField(theirs.fields, field, id), OURS);
      const text = await expectAnswered(answer, id);
      expect(answer.headers().location, id).toBeUndefined();
      answers.set(id, `${answer.status()} ${comparable(text).replace(UUID, "…").replace(posted, "")}`);
    }
    expect(answers.get(missing)).toContain('role="alert"');
    expect(answers.get(idOf(mine))).toBe(answers.get(missing));
    expect([await deployment.readUserState(person), await deployment.readUserState(stranger)]).toEqual(
      before,
    );
  });
}

test("extra fields change nothing about what is sent, set apart or allowed", async ({
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
  for (const name of ["confirm a transfer", "put money into a vault", "create a key"] as const) {
    const ready = await WALLET_FORMS[name]?.ready({ request, person, deployment });
    if (!ready) throw new Error(`${name} is a form`);
    await expectAnswered(await post(request, ready.address, [...ready.fields, ...extra], OURS), name);
  }
  const { operations, keys } = await deployment.readUserState(person);
  const moved = operations.filter(({ type }) => type !== "deposit");
  expect(
    moved.map(({ type, amount_minor, fee_minor }) => [type, Number(amount_minor), Number(fee_minor)]),
  ).toEqual([
    ["transfer", 2_000, 0],
    ["vault_deposit", 3_000, 0],
    ["vault_deposit", 1_000, 0],
  ]);
  expect(keys.map(({ permissions }) => permissions)).toEqual([["read"]]);
  expect(await deployment.readUserState(stranger)).toEqual(before);
});
