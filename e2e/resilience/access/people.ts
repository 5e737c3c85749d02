import type { Deployment } from "../deployment";
import { Person, type PrivateData } from "./person";

/** Everybody in a run. */
export interface People {
  /** Owns the objects that other callers try to reach. */
  owner: Person;
  other: Person;
  third: Person;
  /** Receives the transfers of all others. */
  payee: Person;
  /** Has credentials from before the account was frozen. */
  frozen: Person;
}

const groupedDigits = (francs: bigint) =>
  francs.toString().replace(/(\d)(\d{3})(\d{3})$/, "$1[^0-9<]{0,12}$2[^0-9<]{0,12}$3");

const patterns = new WeakMap<Person, RegExp>();

/** Matches any of a person's private data in a response, however numbers are grouped. */
export function privateDataPattern(person: Person): RegExp {
  const known = patterns.get(person);
  if (known !== undefined) return known;
  const { firstName, lastName, phone, label, francs } = person.privateData;
  const spaced = (number: string) => number.split("").join("[ \\u00a0\\u202f]?");
  const numbers = [spaced(phone.slice(4)), spaced(person.walletNumber), groupedDigits(francs)];
  const whole = `(?<![0-9])(?:${numbers.join("|")})(?![0-9])`;
  const pattern = new RegExp([firstName, lastName, label, whole].join("|"), "i");
  patterns.set(person, pattern);
  return pattern;
}

const PRIVATE_DATA: Record<keyof People, PrivateData> = {
  owner: {
    firstName: "Zephirinette",
    lastName: "Ouattarakin",
    phone: "+22671654321",
    label: "Tresorcache",
    francs: 7_654_321n,
  },
  other: {
    firstName: "Quirinalda",
    lastName: "Nikiemawen",
    phone: "+22671876543",
    label: "Magotdiscret",
    francs: 3_456_789n,
  },
  third: {
    firstName: "Aristobulle",
    lastName: "Zoungrana",
    phone: "+22671111222",
    label: "Tiroirdutiers",
    francs: 2_345_671n,
  },
  payee: {
    firstName: "Eustachine",
    lastName: "Compaorette",
    phone: "+22671555666",
    label: "Caissemarchande",
    francs: 1_234_568n,
  },
  frozen: {
    firstName: "Hyacinthine",
    lastName: "Bationoki",
    phone: "+22671333444",
    label: "Gelinterieur",
    francs: 6_543_217n,
  },
};

export async function createPeople(deployment: Deployment): Promise<People> {
  // Ids long enough to be told from every other number in a response.
  await deployment.owner`alter table vaults alter column id restart with 910020030041`;
  await deployment.owner`alter table api_keys alter column id restart with 920030040051`;
  const [owner, other, third, payee, frozen] = await Promise.all([
    Person.create(deployment, PRIVATE_DATA.owner),
    Person.create(deployment, PRIVATE_DATA.other),
    Person.create(deployment, PRIVATE_DATA.third),
    Person.create(deployment, PRIVATE_DATA.payee),
    Person.create(deployment, PRIVATE_DATA.frozen),
  ]);
  for (const person of [owner, other, third]) person.payee = payee;
  return { owner, other, third, payee, frozen };
}
