import { type Endpoint, findEndpoints } from "../access/endpoints";
import type { RequestContext } from "../access/rule";
import type { Deployment } from "../deployment";
import type { Random } from "../random";
import { type Build, ROOT, readBuild } from "../read-build";
import { idsBy, NONEXISTENT, Person } from "../requests/person";
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
  endpoints: readonly Endpoint[];
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
  contextOf(attacker: Attacker, endpoint: Endpoint, random: Random): RequestContext;
}

const [ATTACKERS, BYSTANDERS] = [6, 3];
const RICH = 900_000_000_000n;

/** Creates all people, and reads endpoints from the build and names of columns from the database. */
export async function createWorld(deployment: Deployment): Promise<World> {
  const build = readBuild(ROOT);
  const endpoints = findEndpoints({ build, origin: deployment.url });
  let people = 0;
  const create = async (name: string, payee: Person | null = null): Promise<Person> => {
    people += 1;
    const named = {
      firstName: "Awa",
      lastName: "Sawadogo",
      phone: `+2267000000${people}`,
      label: name + people,
    };
    return await Person.create(deployment, { ...named, francs: RICH, kobo: RICH }, payee);
  };
  const bystanders: Person[] = [];
  while (bystanders.length < BYSTANDERS) bystanders.push(await create("bystander"));
  const payee = await create("payee");
  const attackers: Attacker[] = [];
  while (attackers.length < ATTACKERS) attackers.push(await equip(await create("attacker", payee)));
  const columns = await deployment.owner<{ name: string }[]>`
    select distinct column_name as name from information_schema.columns where table_schema = 'public' order by 1`;
  return {
    ...{ deployment, build, endpoints, attackers, bystanders },
    signOutUser: await equip(await create("sign-out", payee)),
    columns: columns.map(({ name }) => name),
    othersIds: (await Promise.all(bystanders.map(idsOf))).flat(),
    target: {
      host: new URL(deployment.url).host,
      buildId: build.id,
      userId: String(bystanders[0]?.user.userId),
      actionId: build.actions[0]?.id ?? "",
    },
    attacker: (random) => random.pick(attackers),
    contextOf: ({ person }, { objects }, random) => {
      const others = attackers.filter((each) => each.person !== person);
      // One vault for all requests: a person may have only so many.
      const own = idsBy((kind) => person[kind === "emptyVault" ? "vault" : kind]());
      const ids = objects === "nonexistent" ? NONEXISTENT : own;
      return {
        ids,
        actor: person,
        payee: random.pick(others).person.user.walletNumber,
        alarm: () => payee.identity.alarmToken(),
      };
    },
  };
}

async function equip(person: Person): Promise<Attacker> {
  return {
    person,
    cookie: await person.cookie(),
    token: await person.accessToken(),
    apiKey: (await person.heldKey()).apiKey,
    reference: await person.pendingDeposit(),
  };
}

/** Not the wallet's number: everybody may send money to it. */
async function idsOf(person: Person): Promise<string[]> {
  const kinds = ["session", "pendingDeposit", "vault", "withdrawalQuote", "liveKey", "expiredKey"] as const;
  const created = await Promise.all(kinds.map((kind) => person[kind]()));
  return [...created, person.user.userId.toString(), person.user.walletId.toString(), person.user.email];
}

/** Resets rate limits, PIN locks and numbers of keys of the attackers, so that requests aren't refused only for these. */
export async function resetLimits({ deployment, attackers }: World): Promise<void> {
  await deployment.owner`update pins set wrong_tries = 0, locked_until = null where wrong_tries > 0`;
  for (const { person } of attackers) await person.makeRoom(5);
}
