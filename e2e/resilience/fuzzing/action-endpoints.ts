import { findForms, hiddenFields } from "@/e2e/bench/html-tags";
import { invariant } from "@/lib/invariant";
import type { Random } from "../random";
import { type Door, plainDraft } from "./api-endpoints";
import type { Draft, Fields } from "./draft";
import { addressOfPage } from "./page-endpoints";
import type { Person } from "./people";
import type { BuiltAction } from "./read-build";
import { TYPED } from "./typed-forms";
import type { World } from "./world";

const LEAVERS = new Set(["signOut", "signOutElsewhere", "revokeSession"]);
const PASSWORDS = new Set(["signIn", "signUp", "savePin", "confirmTransfer", "confirmWithdrawal"]);

/** Hashing a password takes as long as a hundred other requests: these come less often. */
export function isSlowAction(name: string): boolean {
  return PASSWORDS.has(name);
}

/** Every server action of the build, posted as a browser without JavaScript does and as React does. */
export function actionDoors(world: World): Door[] {
  return world.actions.map((action) => ({
    name: `action ${action.name}`,
    lane: "action",
    draft: (here, random) => actionDraft(here, random, action),
  }));
}

async function actionDraft(world: World, random: Random, action: BuiltAction): Promise<Draft> {
  const attacker = world.attacker(random);
  const typed = await typedInto(action, attacker, world, random);
  const cookie = LEAVERS.has(action.name) ? (await world.leaverSession()).cookie : attacker.cookie;
  const page = random.pick(action.pages);
  const target = await addressOfPage(page, world, attacker, random);
  const hidden = world.hiddenFields.get(action.id) ?? plainFields(action);
  const whole: Fields = [...hidden, ...typed];
  const isScript = random.chance(0.4);
  const { headers, fields } = isScript ? asScript(action.id, whole) : { headers: [], fields: whole };
  return plainDraft({
    ...{
      door: `action ${action.name}${isScript ? " by script" : ""}`,
      lane: "action",
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
  const known = TYPED[action.name];
  if (known) return Object.entries(await known(attacker, world, random));
  return world.around.columns.slice(0, 40).map((name) => [name, "1"]);
}

/** As React writes an action that no page of ours showed; of an id that begins with 4 it takes the form alone. */
function plainFields({ id }: BuiltAction): Fields {
  if (id.startsWith("4")) return [[`$ACTION_ID_${id}`, ""]];
  return [
    ["$ACTION_REF_1", ""],
    ["$ACTION_1:0", JSON.stringify({ id, bound: "$@1" })],
    ["$ACTION_1:1", "[null]"],
  ];
}

/** The call that a page with JavaScript makes of a form: React's encoding of (previous state, form data). */
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

/** What React hides in each form of a page, by the id of the form's action. */
export function formsIn(html: string): Map<string, Fields> {
  const forms = new Map<string, Fields>();
  for (const form of findForms(html)) {
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

/** Reads the pages' forms as they are, so that what is sent to an action is what a browser would send. */
export async function learnForms(world: World): Promise<void> {
  const [attacker] = world.attackers;
  invariant(attacker, "there is an attacker");
  const first: Random = { ...NO_CHOICE };
  for (const page of world.pages.filter((each) => !each.includes("/events/"))) {
    const address = await addressOfPage(page, world, attacker, first);
    const guest = /\/sign-/.test(page) ? {} : { cookie: attacker.cookie };
    const answer = await fetch(world.deployment.url + address, {
      headers: { "accept-language": "fr", ...guest },
    });
    const html = await answer.text();
    for (const [id, fields] of formsIn(html)) world.hiddenFields.set(id, fields);
    world.script ||= /\/_next\/static\/[^"]+\.js/.exec(html)?.[0] ?? "";
  }
}

/** Always the first, always yes: for what is learnt before anything is drawn. */
const NO_CHOICE: Random = {
  int: (from) => from,
  chance: () => true,
  pick: (choices) => choices[0] as (typeof choices)[number],
  weighted: (weights) => Object.keys(weights)[0] as keyof typeof weights & string,
  shuffle: (members) => [...members],
  hex: (count) => "0".repeat(count * 2),
};
