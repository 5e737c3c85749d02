import { hiddenFields, parseHtml } from "@/e2e/support/html";
import { toJsonSchema } from "@/lib/api/docs/json-schema";
import { invariant } from "@/lib/invariant";
import { type Random, randomFrom } from "../random";
import type { BuiltAction } from "../read-build";
import { type Endpoint, plainDraft } from "./api-endpoints";
import type { Draft, Fields } from "./draft";
import { FORM_SCHEMAS } from "./forms";
import { putOwnValues } from "./own-values";
import { addressOfPage } from "./page-endpoints";
import type { Person } from "./people";
import { arbitraryOf, draw } from "./schema-arbitrary";
import { ATTACKERS_PIN, type World } from "./world";

const SESSION_ENDING = new Set(["signOut", "signOutElsewhere", "revokeSession"]);
const HASHING = new Set(["signIn", "signUp", "savePin", "confirmTransfer", "confirmWithdrawal"]);

const FORMS = Object.fromEntries(
  Object.entries(FORM_SCHEMAS).map(([name, schema]) => [name, arbitraryOf(toJsonSchema(schema, "input"))]),
);

/** Actions that hash a password or PIN take as long as a hundred other requests: they are sent less often. */
export function isSlowAction(exportedName: string): boolean {
  return HASHING.has(exportedName);
}

/** `putMoney` of `wallet/vaults/actions.ts#putMoney`. */
function exportedNameOf({ name }: BuiltAction): string {
  return name.split("#").at(-1) ?? name;
}

/** Every server action of the build, called as a browser without JavaScript does and as React does. */
export function actionEndpoints(world: World): Endpoint[] {
  return world.actions.map((action) => ({
    name: `action ${exportedNameOf(action)}`,
    kind: "action",
    draft: (random) => actionDraft(world, random, action),
  }));
}

async function actionDraft(world: World, random: Random, action: BuiltAction): Promise<Draft> {
  const attacker = world.attacker(random);
  const name = exportedNameOf(action);
  const typed = await typedInto(action, attacker, world, random);
  const cookie = SESSION_ENDING.has(name) ? (await world.disposableSession()).cookie : attacker.cookie;
  const page = random.pick(action.pages);
  const target = await addressOfPage(page, world, attacker, random);
  const hidden = world.hiddenFields.get(action.id) ?? plainFields(action);
  const whole: Fields = [...hidden, ...typed];
  const isScript = random.chance(0.4);
  const { headers, fields } = isScript ? asScript(action.id, whole) : { headers: [], fields: whole };
  return plainDraft({
    ...{
      endpoint: `action ${name}${isScript ? " by script" : ""}`,
      kind: "action",
      method: "POST",
      target,
    },
    headers: [["Origin", world.deployment.url], ["Cookie", cookie], ...headers],
    content: { kind: "form", fields },
  });
}

async function typedInto(
  action: BuiltAction,
  attacker: Person,
  world: World,
  random: Random,
): Promise<Fields> {
  const endpoint = exportedNameOf(action);
  const form = FORMS[endpoint];
  if (form) {
    const typed = draw(form, random) as Record<string, unknown>;
    await putOwnValues(typed, { attacker, world, random, endpoint });
    return Object.entries(typed).map(([name, value]) => [name, String(value ?? "")]);
  }
  return world.mutationContext.columns.slice(0, 40).map((name) => [name, "1"]);
}

/** Hidden fields as React writes them, for an action that no page shows. An id that begins with 4 takes the form alone. */
function plainFields({ id }: BuiltAction): Fields {
  if (id.startsWith("4")) return [[`$ACTION_ID_${id}`, ""]];
  return [
    ["$ACTION_REF_1", ""],
    ["$ACTION_1:0", JSON.stringify({ id, bound: "$@1" })],
    ["$ACTION_1:1", "[null]"],
  ];
}

/** How a page with JavaScript calls the action of a form: React's encoding of (previous state, form data). */
function asScript(id: string, whole: Fields): { headers: Draft["headers"]; fields: Fields } {
  const typed = whole.filter(([name]) => !name.startsWith("$"));
  const isPlain = id.startsWith("4");
  return {
    headers: [
      ["Next-Action", id],
      ["Accept", "text/x-component"],
    ],
    fields: [
      ...typed.map(([name, value]): [string, string] => [`_1_${name}`, value]),
      ["0", isPlain ? '["$K1"]' : '[null,"$K1"]'],
    ],
  };
}

/** React's hidden fields of each form of a page, by the id of its action. */
function formsIn(html: string): Map<string, Fields> {
  const forms = new Map<string, Fields>();
  for (const form of parseHtml(html).querySelectorAll("form")) {
    const hidden = hiddenFields(form);
    const id = hidden
      .map(([name, value]) => /^\$ACTION_ID_(\w+)$/.exec(name)?.[1] ?? /^\{"id":"(\w+)"/.exec(value)?.[1])
      .find(Boolean);
    if (id)
      forms.set(
        id,
        hidden.filter(([name]) => name.startsWith("$ACTION")),
      );
  }
  return forms;
}

/** Reads the hidden fields of the pages' forms, so that actions are sent what a browser would send. */
export async function readForms(world: World): Promise<void> {
  const [attacker] = world.attackers;
  invariant(attacker, "there is an attacker");
  for (const page of world.pages.filter((each) => !each.includes("/events/"))) {
    const address = await addressOfPage(page, world, attacker, OWN_OBJECTS);
    const guest = /\/sign-/.test(page) ? {} : { cookie: attacker.cookie };
    const response = await fetch(world.deployment.url + address, {
      headers: { "accept-language": "fr", ...guest },
    });
    const html = await response.text();
    for (const [id, fields] of formsIn(html)) world.hiddenFields.set(id, fields);
    world.script ||= /\/_next\/static\/[^"]+\.js/.exec(html)?.[0] ?? "";
  }
}

/** For the preparation, which must not depend on the seed: the attacker's own objects. */
const OWN_OBJECTS: Random = { ...randomFrom("preparation"), chance: () => true };

/** Sets a PIN for each attacker through the page's form: only the app has the secret that PINs are hashed with. */
export async function choosePins(world: World): Promise<void> {
  const action = world.actions.find((each) => exportedNameOf(each) === "savePin");
  invariant(action, "the build has the form for a PIN");
  const address = `${world.deployment.url}/wallet/settings/pin`;
  for (const { cookie } of world.attackers) {
    const html = await (await fetch(address, { headers: { cookie } })).text();
    const hidden = formsIn(html).get(action.id);
    invariant(hidden, "the page has its form");
    const form = new FormData();
    const version = /name="version" value="([^"]*)"/.exec(html)?.[1] ?? "";
    const typed: [string, string][] = [
      ["pin", ATTACKERS_PIN],
      ["pinAgain", ATTACKERS_PIN],
      ["version", version],
    ];
    for (const [name, value] of [...hidden, ...typed]) form.append(name, value);
    const headers = { cookie, origin: world.deployment.url };
    const response = await fetch(address, { method: "POST", body: form, headers, redirect: "manual" });
    invariant(response.status === 303, "the PIN is saved");
    await response.body?.cancel();
  }
}
