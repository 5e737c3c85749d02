import type { Deployment } from "../deployment";
import { type Marks, Person } from "./person";

/** The owner of everything that is tried to be reached, two others, and whom all of them may send money to. */
export interface People {
  owner: Person;
  other: Person;
  third: Person;
  payee: Person;
  /** Was let in until the deployment froze the account. */
  frozen: Person;
}

const digits = (francs: bigint) =>
  francs.toString().replace(/(\d)(\d{3})(\d{3})$/, "$1[^0-9<]{0,12}$2[^0-9<]{0,12}$3");

const patterns = new WeakMap<Person, RegExp>();

/** What finds any of a person's secrets in an answer, however an amount is grouped. */
export function marksPattern(person: Person): RegExp {
  const known = patterns.get(person);
  if (known !== undefined) return known;
  const { firstName, lastName, phone, word, francs } = person.marks;
  const spaced = (number: string) => number.split("").join("[ \\u00a0\\u202f]?");
  const numbers = [spaced(phone.slice(4)), spaced(person.walletNumber), digits(francs)];
  const whole = `(?<![0-9])(?:${numbers.join("|")})(?![0-9])`;
  const pattern = new RegExp([firstName, lastName, word, whole].join("|"), "i");
  patterns.set(person, pattern);
  return pattern;
}

const MARKS: Record<keyof People, Marks> = {
  owner: {
    firstName: "Zephirinette",
    lastName: "Ouattarakin",
    phone: "+22671654321",
    word: "Tresorcache",
    francs: 7_654_321n,
  },
  other: {
    firstName: "Quirinalda",
    lastName: "Nikiemawen",
    phone: "+22671876543",
    word: "Magotdiscret",
    francs: 3_456_789n,
  },
  third: {
    firstName: "Aristobulle",
    lastName: "Zoungrana",
    phone: "+22671111222",
    word: "Tiroirdutiers",
    francs: 2_345_671n,
  },
  payee: {
    firstName: "Eustachine",
    lastName: "Compaorette",
    phone: "+22671555666",
    word: "Caissemarchande",
    francs: 1_234_568n,
  },
  frozen: {
    firstName: "Hyacinthine",
    lastName: "Bationoki",
    phone: "+22671333444",
    word: "Gelinterieur",
    francs: 6_543_217n,
  },
};

export async function createPeople(deployment: Deployment): Promise<People> {
  // Ids long enough to be told from every other number in an answer.
  await deployment.owner`alter table vaults alter column id restart with 910020030041`;
  await deployment.owner`alter table api_keys alter column id restart with 920030040051`;
  const [owner, other, third, payee, frozen] = await Promise.all([
    Person.create(deployment, MARKS.owner),
    Person.create(deployment, MARKS.other),
    Person.create(deployment, MARKS.third),
    Person.create(deployment, MARKS.payee),
    Person.create(deployment, MARKS.frozen),
  ]);
  for (const person of [owner, other, third]) person.payee = payee;
  return { owner, other, third, payee, frozen };
}
