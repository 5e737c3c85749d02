import { expect, test } from "@/e2e/support/journey";
import { containing, type Words } from "@/e2e/support/words";

type FieldWord = keyof Words["fields"];

const GOOD = { amount: "5000", phone: "+22670123456", method: "Wave" };

const BAD_AMOUNTS: readonly [what: string, typed: string, sentence: FieldWord][] = [
  ["nothing", "", "empty"],
  ["zero", "0", "not_positive"],
  ["a negative amount", "-5", "not_positive"],
  ["centimes", "5000,5", "no_decimals"],
  ["an exponent", "1e5", "not_a_number"],
  ["Arabic digits", "٥٠٠٠", "not_a_number"],
  ["letters", "cinq mille", "not_a_number"],
  ["unclear groups", "50 00", "ambiguous"],
  ["twenty digits", "9".repeat(20), "too_large"],
  ["more than the method takes", "5000000", "amount_above_max"],
  ["less than the method takes", "1", "amount_below_min"],
];

const BAD_PHONES: readonly [what: string, typed: string, sentence: FieldWord][] = [
  ["nothing", "", "phone_invalid"],
  ["too few digits", "+226 70 12", "phone_invalid"],
  ["too many digits", "+226 70 12 34 56 78", "phone_invalid"],
  ["letters", "+226 70 12 34 5a", "phone_invalid"],
  ["a country that we don't serve", "+33 6 12 34 56 78", "phone_country"],
  ["an Ivorian number of before 2021", "+225 07 12 34 56", "phone_old_format"],
];

// Without JavaScript the same action answers all of them with a page: some show that the page says it and keeps the input.
const FEW_AMOUNTS = BAD_AMOUNTS.filter(([what]) => /nothing|letters|less than/.test(what));
const FEW_PHONES = BAD_PHONES.filter(([what]) => /too few|a country/.test(what));

/** Matches a message up to its first placeholder. */
function beginning(sentence: string): RegExp {
  return containing(sentence.split(/\{\w+\}/)[0]?.trim() ?? "");
}

test("each bad amount is refused with its own message, keeps the input and changes nothing", async ({
  words,
  topUp,
  person,
  deployment,
  javaScriptEnabled,
}) => {
  test.slow();
  await topUp.open();
  for (const [what, typed, sentence] of javaScriptEnabled ? BAD_AMOUNTS : FEW_AMOUNTS) {
    await test.step(what, async () => {
      await topUp.fill({ ...GOOD, amount: typed });
      await topUp.submitRefused();
      await expect(topUp.errors.getByRole("link", { name: beginning(words.fields[sentence]) })).toBeVisible();
      await expect(topUp.amount).toHaveAccessibleDescription(beginning(words.fields[sentence]));
      await expect(topUp.amount).toHaveAttribute("aria-invalid", "true");
      await expect(topUp.amount).toHaveValue(typed);
      await expect(topUp.phone).toHaveValue(GOOD.phone);
      await expect(topUp.method(GOOD.method)).toBeChecked();
    });
  }
  expect(await deployment.operationsOf(person)).toEqual([]);
  // The form can still be used afterwards.
  await topUp.fill({ amount: "5 000" });
  await topUp.submit.click();
  await expect.poll(async () => (await deployment.operationsOf(person)).length).toBe(1);
});

test("each bad number is refused with its own message, keeps the input and changes nothing", async ({
  words,
  withdraw,
  person,
  deployment,
  javaScriptEnabled,
}) => {
  test.slow();
  await deployment.fund(person, 10_000n);
  await withdraw.open();
  for (const [what, typed, sentence] of javaScriptEnabled ? BAD_PHONES : FEW_PHONES) {
    await test.step(what, async () => {
      await withdraw.fill({ amount: "5000", phone: GOOD.phone, method: "Orange Money" });
      await withdraw.fill({ phone: typed });
      await withdraw.submitRefused();
      const message = beginning(words.fields[sentence]);
      await expect(withdraw.errors.getByRole("link", { name: message })).toBeVisible();
      await expect(withdraw.phone).toHaveAccessibleDescription(message);
      await expect(withdraw.phone).toHaveValue(typed);
      await expect(withdraw.amount).toHaveValue("5000");
    });
    // No method serves another country's number: the next case needs them back.
    if (sentence === "phone_country") await withdraw.open();
  }
  expect(await deployment.operationsOf(person)).toHaveLength(1);
  expect(await deployment.balanceOf(person)).toEqual({ available: 10_000n, held: 0n });
});

test("an order without a method gets a message for it, besides those for other wrong fields", async ({
  words,
  topUp,
  person,
  deployment,
}) => {
  await topUp.open();
  await topUp.fill({ amount: "0", phone: "+22670" });
  await topUp.submit.click();
  await expect(topUp.errors.getByRole("link")).toHaveText([
    words.fields.not_positive,
    words.fields.phone_invalid,
    words.fields.method_required,
  ]);
  // Each link leads to its field.
  await topUp.errors.getByRole("link", { name: words.fields.phone_invalid }).click();
  await expect(topUp.phone).toBeFocused();
  expect(await deployment.operationsOf(person)).toEqual([]);
});
