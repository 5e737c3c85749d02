import { describe, expect, it } from "vitest";
import { profileSchema, signUpSchema } from "./schema";

const GOOD = { email: "awa@example.com", password: "le marché de Rood Woko", firstName: "Awa" };

function reasons(input: unknown): Record<string, string> {
  const result = signUpSchema.safeParse(input);
  if (result.success) return {};
  return Object.fromEntries(result.error.issues.map((issue) => [issue.path.join("."), issue.message]));
}

describe("what sign-up takes", () => {
  it("fills in what may be left out", () => {
    expect(signUpSchema.parse(GOOD)).toEqual({ ...GOOD, lastName: "", phone: null, locale: "fr" });
  });

  it("normalises names and keeps phones as E.164", () => {
    const parsed = signUpSchema.parse({ ...GOOD, firstName: "  Awa \t Mariam ", phone: "+226 70 00 00 01" });
    expect(parsed).toMatchObject({ firstName: "Awa Mariam", phone: "+22670000001" });
  });

  it.each([
    ["no e-mail address", { ...GOOD, email: " " }, { email: "required" }],
    ["half an e-mail address", { ...GOOD, email: "awa@" }, { email: "email_invalid" }],
    ["a short password", { ...GOOD, password: "court" }, { password: "password_too_short" }],
    ["an endless password", { ...GOOD, password: "long ".repeat(41) }, { password: "too_long" }],
    ["a common password", { ...GOOD, password: "motdepasse123" }, { password: "password_common" }],
    ["the address as password", { ...GOOD, password: GOOD.email }, { password: "password_common" }],
    ["no first name", { ...GOOD, firstName: " " }, { firstName: "name_required" }],
    ["a long name", { ...GOOD, firstName: "a".repeat(81) }, { firstName: "too_long" }],
    [
      "a name that turns the reading around",
      { ...GOOD, firstName: "Awa\u202Etxt" },
      { firstName: "invalid" },
    ],
    ["half of a surrogate pair", { ...GOOD, firstName: "Awa \ud83d" }, { firstName: "invalid" }],
    ["letters as phone", { ...GOOD, phone: "abc" }, { phone: "phone_invalid" }],
    ["a phone from elsewhere", { ...GOOD, phone: "+33 6 12 34 56 78" }, { phone: "phone_country" }],
    ["a language we don't speak", { ...GOOD, locale: "de" }, { locale: "invalid" }],
  ])("%s is refused with its reason", (_name, input, expected) => {
    expect(reasons(input)).toEqual(expected);
  });

  it("empty input is refused field by field", () => {
    expect(Object.keys(reasons({})).sort()).toEqual(["email", "firstName", "password"]);
  });

  it("an empty phone is null", () => {
    expect(profileSchema.parse({ firstName: "Awa", lastName: "", phone: " " }).phone).toBeNull();
  });
});
