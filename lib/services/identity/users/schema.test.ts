import { describe, expect, it } from "vitest";
import { isReservedName } from "./reserved-names";
import { ownPhoneOf, profileSchema, signUpSchema } from "./schema";

const GOOD = { email: "awa@example.com", password: "le marché de Rood Woko", firstName: "Awa" };

function reasons(input: unknown): Record<string, string> {
  const result = signUpSchema.safeParse(input);
  if (result.success) return {};
  return Object.fromEntries(result.error.issues.map((issue) => [issue.path.join("."), issue.message]));
}

describe("what sign-up takes", () => {
  it("fills in what may be left out", () => {
    expect(signUpSchema.parse(GOOD)).toEqual({
      ...GOOD,
      lastName: "",
      phone: "",
      phoneCountry: "BF",
      locale: "fr",
    });
  });

  it("normalises names", () => {
    const parsed = signUpSchema.parse({
      ...GOOD,
      firstName: "  Awa \t Mariam\u200b ",
      lastName: "\u202eTraore\u0301\u202c",
    });
    expect(parsed).toMatchObject({ firstName: "Awa Mariam", lastName: "Traoré" });
  });

  it.each([
    ["no e-mail address", { ...GOOD, email: " " }, { email: "required" }],
    ["half an e-mail address", { ...GOOD, email: "awa@" }, { email: "email_invalid" }],
    ["a short password", { ...GOOD, password: "court" }, { password: "password_too_short" }],
    ["an endless password", { ...GOOD, password: "long ".repeat(41) }, { password: "too_long" }],
    ["no first name", { ...GOOD, firstName: " " }, { firstName: "first_name_required" }],
    ["a long name", { ...GOOD, firstName: "a".repeat(81) }, { firstName: "too_long" }],
    [
      "a first name of a zero-width space",
      { ...GOOD, firstName: "\u200b" },
      { firstName: "first_name_required" },
    ],
    [
      "a first name of a Hangul filler",
      { ...GOOD, firstName: "\u3164" },
      { firstName: "first_name_required" },
    ],
    ["a name without letters", { ...GOOD, firstName: "12 …" }, { firstName: "name_unreadable" }],
    ["a last name without letters", { ...GOOD, lastName: "🙂" }, { lastName: "name_unreadable" }],
    ["forty marks", { ...GOOD, firstName: `A${"\u0301".repeat(40)}` }, { firstName: "name_unreadable" }],
    ["half of a surrogate pair", { ...GOOD, firstName: "Awa \ud83d" }, { firstName: "name_unreadable" }],
    ["the deployment's name", { ...GOOD, firstName: "Cauris Support" }, { firstName: "name_reserved" }],
    [
      "a wrong phone beside a wrong address",
      { ...GOOD, email: "", phone: "70" },
      { email: "required", phone: "phone_invalid" },
    ],
    ["letters as phone", { ...GOOD, phone: "abc" }, { phone: "phone_invalid" }],
    ["a phone from elsewhere", { ...GOOD, phone: "+33 6 12 34 56 78" }, { phone: "phone_country" }],
    ["a language we don't speak", { ...GOOD, locale: "de" }, { locale: "invalid" }],
  ])("%s is refused with its reason", (_name, input, expected) => {
    expect(reasons(input)).toEqual(expected);
  });

  it("empty input is refused field by field", () => {
    expect(Object.keys(reasons({})).sort()).toEqual(["email", "firstName", "password"]);
  });

  it.each([
    ["70 11 22 33", "BF", "+22670112233"],
    ["70/11/22/33", "BF", "+22670112233"],
    ["07 12 34 56 78", "CI", "+2250712345678"],
    ["0803 123 4567", "NG", "+2348031234567"],
    ["+221 77 123 45 67", "BF", "+221771234567"],
    ["\u202a+226 70 12 34 56\u202c", "NG", "+22670123456"],
    [" \u200e", "BF", null],
  ])("the phone %j of somebody in %s is %s", (phone, phoneCountry, e164) => {
    expect(ownPhoneOf(profileSchema.parse({ firstName: "Awa", phone, phoneCountry }))).toBe(e164);
  });
});

describe("names of the deployment, its staff and operators", () => {
  it.each([
    ["Cauris", "Support"],
    ["CAURIS", ""],
    ["C4uris", ""],
    ["C.a.u.r.i.s", ""],
    ["Awa", "(Administratrice)"],
    ["Service", "client"],
    ["Service", "Clientèle"],
    ["Orange", "Money"],
    ["\u0421auris", ""],
    ["Supp\u043ert", ""],
    ["Caurıs", ""],
    ["Suppørt", ""],
    ["ᴄᴀᴜʀɪs", ""],
    ["ＣＡＵＲＩＳ", "ᴀɪᴅᴇ"],
    ["CaurisSupport", ""],
    ["Mon", "Cauris"],
    ["OrangeMoney", "BF"],
    ["Orange", "Money BF"],
    ["C.a.u.r.i.s", "BF"],
    ["C auris", "Aide"],
    ["Cauris", "SA"],
    ["Supports", ""],
    ["Les", "Administrateurs"],
    ["S.u.p.p.o.r.t", ""],
    ["Wave", ""],
    ["W a v e", ""],
    ["Moov", "Africa"],
  ])("%s %s is reserved", (firstName, lastName) => {
    expect(isReservedName(firstName, lastName)).toBe(true);
  });

  it.each([
    ["Awa", "Traoré"],
    ["Caurissa", "Diop"],
    ["Orange", "Koné"],
    ["Wave", "Ouédraogo"],
    ["Luca", "Uris"],
    ["Badmin", "Moneyba"],
    ["Désiré", "Ɓaalɗe"],
    ["Олег", "Петров"],
    ["عائشة", "محمد"],
    ["Jean-Baptiste", "N’Guessan"],
  ])("%s %s is somebody's", (firstName, lastName) => {
    expect(isReservedName(firstName, lastName)).toBe(false);
  });

  it.each([
    ["Tontine SARL", "Tontine", "Sarl", true],
    ["Tontine SARL", "TontineSARL", "Bobo", true],
    ["Tontine SARL", "T0ntine", "S.A.R.L", true],
    ["Tontine SARL", "Tontine", "Kaboré", false],
    ["Sira", "SIRA", "", true],
    ["Sira", "Sira", "Diallo", false],
    ["***", "Awa", "Traoré", false],
  ])("where %s runs the deployment, %s %s is reserved: %s", (operator, firstName, lastName, expected) => {
    expect(isReservedName(firstName, lastName, operator)).toBe(expected);
  });
});
