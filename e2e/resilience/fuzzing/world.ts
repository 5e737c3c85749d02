import { fileURLToPath } from "node:url";
import { findEndpoints } from "../access/find-endpoints";
import type { RequestContext } from "../access/rule";
import type { Deployment } from "../deployment";
import type { Random } from "../random";
import { type Build, readBuild } from "../read-build";
import { send } from "../requests/http";
import { NONEXISTENT, type ObjectIds, type ObjectKind, Person } from "../requests/person";
import type { Target } from "../requests/variants";

/** A person who sends requests, and what they are sent with. */
export interface Attacker {
  person: Person;
  /** The Cookie header of the signed-in browser. */
  cookie: string;
  token: string;
  apiKey: string;
  /** Of a deposit. */
  reference: string;
}

/** Everything that drafts are made from. */
export interface World {
  deployment: Deployment;
  build: Build;
  target: Target;
  /** Names of all columns: no request may set one just by naming it. */
  columns: readonly string[];
  /** Ids and references of objects of bystanders. */
  othersIds: readonly string[];
  attackers: readonly Attacker[];
  /** Its sessions are used for requests that sign out, so that the attackers stay signed in. */
  signOutUser: Attacker;
  /** Send nothing: any change to their rows is a violation. */
  bystanders: readonly Person[];
  attacker(random: Random): Attacker;
  context(attacker: Attacker, random: Random): RequestContext;
}

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const [ATTACKERS, BYSTANDERS] = [6, 3];
const RICH = 900_000_000_000n;

/** Creates all people, and reads endpoints from the build and names of columns from the database. */
export async function createWorld(deployment: Deployment): Promise<World> {
  const build = readBuild(ROOT);
  const [firstName, lastName] = ["Awa", "Sawadogo"];
  let people = 0;
  const create = async (name: string, payee: Person | null = null): Promise<Person> => {
    people += 1;
    const named = { firstName, lastName, phone: `+2267000000${people}`, label: `${name}${people}` };
    return await Person.create(deployment, { ...named, francs: RICH, kobo: RICH }, payee);
  };
  const bystanders: Person[] = [];
  while (bystanders.length < BYSTANDERS) bystanders.push(await create("bystander"));
  const payee = await create("payee");
  const attackers: Attacker[] = [];
  while (attackers.length < ATTACKERS) attackers.push(await equip(await create("attacker", payee)));
  const [first] = bystanders;
  const columns = await deployment.owner<{ name: string }[]>`
    select distinct column_name as name from information_schema.columns where table_schema = 'public' order by 1`;
  const world: World = {
    deployment,
    build,
    attackers,
    bystanders,
    signOutUser: await equip(await create("sign-out", payee)),
    columns: columns.map(({ name }) => name),
    othersIds: (await Promise.all(bystanders.map(idsOf))).flat(),
    target: {
      host: new URL(deployment.url).host,
      buildId: build.id,
      userId: String(first?.userId),
      actionId: build.actions[0]?.id ?? "",
    },
    attacker: (random) => random.pick(attackers),
    context: ({ person }, random) => {
      const others = attackers.filter((each) => each.person !== person);
      return { ids: reusableIds(person), actor: person, payee: random.pick(others).person.walletNumber };
    },
  };
  await choosePins(world);
  return world;
}

async function equip(person: Person): Promise<Attacker> {
  return {
    person,
    cookie: await person.cookie(),
    token: await person.accessToken(),
    apiKey: (await person.heldKey()).text,
    reference: await person.pendingDeposit(),
  };
}

/** The person's objects, but one vault for all requests: a person may have only so many. */
function reusableIds(person: Person): ObjectIds {
  const kinds = Object.keys(NONEXISTENT) as ObjectKind[];
  const own = kinds.map((kind) => [kind, () => person[kind === "emptyVault" ? "vault" : kind]()]);
  return Object.fromEntries(own);
}

/** Not the wallet's number: everybody may send money to it. */
async function idsOf(person: Person): Promise<string[]> {
  const created = await Promise.all([
    person.session(),
    person.pendingDeposit(),
    person.vault(),
    person.withdrawalQuote(),
    person.liveKey(),
    person.expiredKey(),
  ]);
  return [...created, person.userId.toString(), person.walletId.toString(), person.email];
}

/** Through the form: only the app has the secret that PINs are hashed with. */
async function choosePins({ deployment, build, attackers }: World): Promise<void> {
  const discovered = { build, calls: [], access: new Map(), origin: deployment.url };
  const savePin = findEndpoints(discovered).find(({ name }) => name.includes("#savePin"));
  for (const { person, cookie } of attackers) {
    const request = await savePin?.request({ ids: person, actor: person, payee: "" });
    if (request) await send(deployment.url, { ...request, headers: { ...request.headers, cookie } });
  }
}

/** Resets rate limits, PIN locks and numbers of keys of the attackers, so that requests aren't refused only for these. */
export async function resetLimits({ deployment, attackers }: World): Promise<void> {
  await deployment.owner`delete from rate_limits`;
  await deployment.owner`update pins set wrong_tries = 0, locked_until = null where wrong_tries > 0`;
  for (const { person } of attackers) await person.freeKeys(5);
}
