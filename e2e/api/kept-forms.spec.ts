import type { APIRequestContext } from "@playwright/test";
import { expect, test } from "@/e2e/support/api";
import { asScript, bodyOfForm, type Fields, formOf, OURS, post, withField } from "@/e2e/support/form-post";
import { findForm } from "@/e2e/support/html";
import { APP_URL, type Deployment, type Person } from "@/e2e/support/started-deployment";
import { type ReadyForm, WALLET_FORMS } from "@/e2e/support/wallet-forms";
import { readWords } from "@/e2e/support/words";

const { form: words, errors, keys, signIn: signInWords } = readWords("fr");

const TEXT = /^(?:amount|phone|name|note|firstName|lastName|walletNumber|accountNumber|goal)$/;
const SECRETS = /^(?:pin|pinAgain|password|currentPin)$/;

/** The forms that stand on no other list: top-up and withdrawal in francs, profile, language and theme. */
const MORE_FORMS: Record<string, { field: string; address: string; typed: Record<string, string> }> = {
  "top up": {
    field: "phone",
    address: "/wallet/topup",
    typed: { amount: "5 000", phone: "+226 70 12 34 56", method: "wave" },
  },
  "review a withdrawal": {
    field: "phone",
    address: "/wallet/withdraw",
    typed: { amount: "2000", phone: "+226 70 12 34 56", method: "orange_money" },
  },
  "save the profile": {
    field: "firstName",
    address: "/wallet/settings",
    typed: { firstName: "Aïssatou", lastName: "Ba" },
  },
  "save the language": { field: "locale", address: "/wallet/settings", typed: { locale: "en" } },
  "save the theme": { field: "theme", address: "/wallet/settings", typed: { theme: "dark" } },
};

interface Case {
  ready(owner: { request: APIRequestContext; person: Person; deployment: Deployment }): Promise<ReadyForm>;
}

const CASES: Record<string, Case> = {
  ...WALLET_FORMS,
  ...Object.fromEntries(
    Object.entries(MORE_FORMS).map(([name, { field, address, typed }]) => [
      name,
      {
        ready: async ({ request }) => ({ address, fields: await formOf(request, address, field, typed) }),
      } satisfies Case,
    ]),
  ),
};

/** What people typed or chose, and the idempotency key: everything but React's fields, ids and secrets. */
function typedFields(fields: Fields): Fields {
  return fields.filter(([name]) => !name.startsWith("$") && !name.startsWith("form_") && !SECRETS.test(name));
}

/** The values that a form of a page shows, by field. */
function shownValues(html: string, fields: Fields): Map<string, string> {
  const name = fields.find(([each]) => each === "form_name")?.[1] ?? "";
  const form = findForm(html.replace(`value="${name}"`, `value="${name}" id="the-form"`), "the-form");
  const shown = new Map<string, string>();
  for (const input of form?.querySelectorAll("input") ?? []) {
    const type = input.getAttribute("type");
    const isOff = (type === "radio" || type === "checkbox") && !input.hasAttribute("checked");
    if (!isOff) shown.set(input.getAttribute("name") ?? "", input.getAttribute("value") ?? "on");
  }
  for (const select of form?.querySelectorAll("select") ?? []) {
    const chosen = select.querySelector("option[selected]")?.getAttribute("value") ?? "";
    shown.set(select.getAttribute("name") ?? "", chosen);
  }
  return shown;
}

/** The draft cookie that an answer sets, as a request header sends it. */
function draftOf(answer: { headersArray(): { name: string; value: string }[] }): string {
  const cookies = answer.headersArray().filter(({ name }) => name.toLowerCase() === "set-cookie");
  return cookies.find(({ value }) => value.startsWith("cauris.draft="))?.value.split(";")[0] ?? "";
}

const sessionOf = ({ cookie }: Person) => `${cookie.name}=${cookie.value}`;

for (const [name, { ready }] of Object.entries(CASES)) {
  test(`${name}: after the session has ended the form leads to sign-in and comes back filled in, once`, async ({
    signedIn,
    request,
    person,
    stranger,
    deployment,
  }) => {
    const { address, fields } = await ready({ request: signedIn, person, deployment });
    const before = await deployment.readUserState(person);

    const answer = await post(request, address, fields, OURS);
    expect(answer.status()).toBe(303);
    const signIn = new URL(answer.headers().location ?? "", APP_URL);
    expect([signIn.pathname, signIn.searchParams.get("next")]).toEqual(["/sign-in", address]);
    expect(signIn.search).not.toMatch(/5(?:%20|\+)?000|2468|pin=/);
    expect(await deployment.readUserState(person)).toEqual(before);

    // The review of a withdrawal is made anew, without a key.
    const isKeyless = name.startsWith("review a withdrawal");
    const typed = typedFields(fields).filter(([field]) => !(isKeyless && field === "key"));
    const draft = draftOf(answer);
    if (typed.length === 0) return;
    // Back on the page, signed in again.
    const again = { cookie: `${sessionOf(person)}; ${draft}` };
    const page = await (await request.get(address, { headers: again })).text();
    expect(page).toContain(words.kept.session.split(":")[0]?.trim());
    const shown = shownValues(page, fields);
    for (const [field, value] of typed) expect(shown.get(field), field).toBe(value);
    for (const [field] of fields.filter(([each]) => SECRETS.test(each))) {
      expect(shown.get(field), field).toBe("on");
    }
    // Somebody else who signs in, and nobody, sees nothing of it.
    const theirs = await (
      await request.get(address, { headers: { cookie: `${sessionOf(stranger)}; ${draft}` } })
    ).text();
    expect(theirs).not.toContain(words.kept.session.split(":")[0]?.trim());
    const written = typed.filter(([field, value]) => TEXT.test(field) && value.length > 4);
    for (const [, value] of written) expect(theirs).not.toContain(value);
  });
}

const PASSWORD = "le marché de Rood Woko";

/** The form of the sign-in page at `location`, filled in, in a browser with these cookies. */
async function signInFields(request: APIRequestContext, location: string, cookie: string, { email }: Person) {
  const page = await (await request.get(location, { headers: { cookie } })).text();
  return bodyOfForm(page, "password", { identifier: email, password: PASSWORD });
}

/** The names of the cookies that an answer takes back. */
function takenBack(answer: { headersArray(): { name: string; value: string }[] }): string[] {
  const cookies = answer.headersArray().filter(({ name }) => name.toLowerCase() === "set-cookie");
  return cookies.flatMap(({ value }) => /^([^=]+)=;.*Max-Age=0/i.exec(value)?.[1] ?? []);
}

/** The session cookie that an answer sets. */
function sessionIn(answer: { headersArray(): { name: string; value: string }[] }): string {
  const cookies = answer.headersArray().filter(({ name }) => name.toLowerCase() === "set-cookie");
  return cookies.find(({ value }) => value.startsWith("cauris.session="))?.value.split(";")[0] ?? "";
}

for (const name of ["top up", "save the profile"]) {
  for (const isScript of [false, true]) {
    const how = isScript ? "by a script" : "without JavaScript";
    test(`${name}: signing in on the real form ${how} brings what was typed back`, async ({
      deployment,
      playwright,
      request,
    }) => {
      const { field, address, typed } = MORE_FORMS[name] ?? { field: "", address: "", typed: {} };
      const [owner, other] = [
        await deployment.createPerson(PASSWORD),
        await deployment.createPerson(PASSWORD),
      ];
      const browser = await playwright.request.newContext({
        baseURL: APP_URL,
        extraHTTPHeaders: { cookie: sessionOf(owner), "accept-language": "fr" },
      });
      const fields = await formOf(browser, address, field, typed);
      await browser.dispose();
      const ended = await post(request, address, fields, OURS);
      const draft = draftOf(ended);
      const signIn = ended.headers().location ?? "";
      const send = async (person: Person) => {
        const signInForm = await signInFields(request, signIn, draft, person);
        if (!isScript) return await post(request, signIn, signInForm, { ...OURS, cookie: draft });
        const { action, encoded } = asScript(signInForm);
        return await post(request, signIn, encoded, { ...OURS, cookie: draft, "next-action": action });
      };

      const answer = await send(owner);
      const { location, "x-action-redirect": scripted } = answer.headers();
      expect(isScript ? scripted?.split(";")[0] : location).toBe(address);
      expect(takenBack(answer)).not.toContain("cauris.draft");
      const cookie = `${sessionIn(answer)}; ${draft}`;
      const page = await (await request.get(address, { headers: { cookie } })).text();
      const shown = shownValues(page, fields);
      for (const [each, value] of Object.entries(typed)) expect(shown.get(each), each).toBe(value);

      expect(takenBack(await send(other))).toContain("cauris.draft");
    });
  }
}

for (const name of ["top up", "save the profile"]) {
  test(`${name}: a form of one person, sent once somebody else has signed in, does nothing and stays theirs`, async ({
    signedIn,
    request,
    person,
    stranger,
    deployment,
  }) => {
    const { field, address, typed } = MORE_FORMS[name] ?? { field: "", address: "", typed: {} };
    const fields = await formOf(signedIn, address, field, typed);
    const before = [await deployment.readUserState(person), await deployment.readUserState(stranger)];
    const theirs = { cookie: sessionOf(stranger) };

    const { action, encoded } = asScript(fields);
    const scripted = await post(request, address, encoded, { ...OURS, ...theirs, "next-action": action });
    expect(await scripted.text()).toContain(words.otherAccount);

    const answer = await post(request, address, fields, { ...OURS, ...theirs });
    const location = answer.headers().location ?? "";
    expect(new URL(location, APP_URL).searchParams.get("next")).toBe(address);
    const draft = draftOf(answer);
    const cookie = `${sessionOf(stranger)}; ${draft}`;
    const signIn = await (await request.get(location, { headers: { cookie } })).text();
    expect(signIn).toContain(signInWords.otherAccount);
    expect(bodyOfForm(signIn, "password").find(([each]) => each === "next")?.[1]).toBe(address);
    const page = await (await request.get(address, { headers: { cookie } })).text();
    expect(page).not.toContain(words.kept.session.split(":")[0]?.trim());
    for (const value of Object.values(typed).filter((each) => each.length > 4 && /[0-9 ]/.test(each))) {
      expect(page).not.toContain(value);
    }
    expect([await deployment.readUserState(person), await deployment.readUserState(stranger)]).toEqual(
      before,
    );
    const own = { cookie: `${sessionOf(person)}; ${draft}` };
    const shown = shownValues(await (await request.get(address, { headers: own })).text(), fields);
    for (const [each, value] of Object.entries(typed)) expect(shown.get(each), each).toBe(value);
  });
}

test("a script's form after the session has ended keeps its page, with a link that leads back", async ({
  signedIn,
  request,
}) => {
  const fields = await formOf(signedIn, "/wallet/topup", "phone", MORE_FORMS["top up"]?.typed);
  const { action, encoded } = asScript(fields);
  const answer = await post(request, "/wallet/topup", encoded, { ...OURS, "next-action": action });
  expect(answer.status()).toBe(200);
  const text = await answer.text();
  expect(text).toContain(errors.unauthenticated);
  expect(text).toContain("/sign-in?next=%2Fwallet%2Ftopup");
  expect(draftOf(answer)).not.toBe("");
  expect(answer.headers()["x-action-redirect"]).toBeUndefined();
});

test("a form of another build comes again with what was typed and a sentence, signed in or not", async ({
  signedIn,
  person,
  deployment,
  request,
}) => {
  const typed = MORE_FORMS["top up"]?.typed ?? {};
  const fields = await formOf(signedIn, "/wallet/topup", "phone", typed);
  const foreign = fields.map(([name, value]): [string, string] => [
    name,
    value.replace(/"id":"[0-9a-f]+"/, `"id":"${"7".repeat(42)}"`),
  ]);
  for (const [kind, forged] of Object.entries({
    "an unknown action": foreign,
    "no action": fields.filter(([name]) => !name.startsWith("$")),
    "a broken action": withField(foreign, fields.find(([name]) => /:0$/.test(name))?.[0] ?? "", "{"),
  })) {
    const answer = await post(signedIn, "/wallet/topup", forged, OURS);
    expect([answer.status(), answer.headers().location], kind).toEqual([303, "/wallet/topup"]);
    const cookie = `${sessionOf(person)}; ${draftOf(answer)}`;
    const page = await (await request.get("/wallet/topup", { headers: { cookie } })).text();
    expect(page, kind).toContain(words.kept.version.split(":")[0]?.trim());
    expect(shownValues(page, fields).get("amount"), kind).toBe("5 000");
  }
  const { action: _, encoded } = asScript(fields);
  const scripted = await post(signedIn, "/wallet/topup", encoded, { ...OURS, "next-action": "7".repeat(42) });
  expect(scripted.headers()["x-nextjs-action-not-found"]).toBe("1");
  expect(draftOf(scripted)).not.toBe("");
  expect(await deployment.operationsOf(person)).toEqual([]);
});

test("a form of somebody who isn't signed in comes back with a sentence, without what says who they are", async ({
  request,
}) => {
  const signUp = {
    email: "ama@example.test",
    firstName: "Aminatou",
    phone: "70 11 22 33",
    phoneCountry: "CI",
  };
  for (const [address, typed] of Object.entries({
    "/sign-in": { identifier: signUp.email },
    "/sign-up": signUp,
  })) {
    const fields = await formOf(request, address, "password", { ...typed, password: "s" });
    const foreign = fields.filter(([name]) => !name.startsWith("$"));
    const draft = draftOf(await post(request, address, foreign, OURS));
    const back = await (await request.get(address, { headers: { cookie: draft } })).text();
    expect(back).toContain(words.kept.blank);
    const identified = address === "/sign-in" ? "identifier" : "email";
    expect(shownValues(back, fields).get(identified)).toBe("");
    for (const value of [signUp.email, signUp.firstName, signUp.phone]) expect(back).not.toContain(value);
    if (address === "/sign-up") expect(shownValues(back, fields).get("phoneCountry")).toBe("CI");
  }
});

test("a kept form that was sent is forgotten, and was done once with its first key", async ({
  signedIn,
  request,
  person,
  deployment,
}) => {
  await deployment.fund(person, 10_000n);
  const { vaultId } = await deployment.openVault(person, "La moto", 3_000n);
  const address = `/wallet/vaults/${vaultId}`;
  const fields = await formOf(signedIn, address, "put-amount", { amount: "500" });
  const draft = draftOf(await post(request, address, fields, OURS));
  const cookie = `${sessionOf(person)}; ${draft}`;
  const page = await (await request.get(address, { headers: { cookie } })).text();
  const kept = bodyOfForm(page, "put-amount", { amount: "500" });
  expect(kept.find(([name]) => name === "key")).toEqual(fields.find(([name]) => name === "key"));
  const first = await post(request, address, kept, { ...OURS, cookie });
  expect(first.status()).toBe(303);
  expect(
    first
      .headersArray()
      .map(({ value }) => value)
      .join(),
  ).toContain("cauris.draft=;");
  await post(request, address, kept, { ...OURS, cookie });
  expect((await deployment.balanceOf(person)).available).toBe(6_500n);
});

test("a form for an API key that is sent twice makes one key and shows it once", async ({ signedIn }) => {
  const typed = { name: "caisse", read: "on", expiry: "1D" };
  const fields = await formOf(signedIn, "/wallet/keys/new", "expiry", typed);
  const first = await (await post(signedIn, "/wallet/keys/new", fields, OURS)).text();
  expect(first).toContain(keys.shown.heading);
  expect(first).toContain('id="apiKey"');
  const second = await (await post(signedIn, "/wallet/keys/new", fields, OURS)).text();
  expect(second).toContain(keys.shown.knownHeading);
  expect(second).not.toContain('id="apiKey"');
  const list = await (await signedIn.get("/wallet/keys")).text();
  expect(list.match(/name="keyId"/g)).toHaveLength(1);
});

test("a quick amount without JavaScript keeps everything that was typed, its key too, and runs nothing", async ({
  signedIn,
  person,
  deployment,
}) => {
  const typed = { amount: "7", phone: "+226 76 00 00 01", method: "orange_money", quick_amount: "25000" };
  const fields = await formOf(signedIn, "/wallet/topup", "phone", typed);
  const answer = await post(signedIn, "/wallet/topup", fields, OURS);
  expect(answer.status()).toBe(200);
  const shown = shownValues(await answer.text(), fields);
  expect(shown.get("amount")).toBe("25000");
  for (const name of ["phone", "method"] as const) expect(shown.get(name)).toBe(typed[name]);
  expect(shown.get("key")).toBe(fields.find(([name]) => name === "key")?.[1]);
  expect(await deployment.operationsOf(person)).toEqual([]);
});
