import type { Deployment } from "../deployment";
import { Person, type PrivateData } from "../requests/person";

/** The people whose credentials callers use. */
export type Role = "owner" | "other" | "third";

/**
 * Everybody in a run: `owner` has the objects that other callers try to reach, `payee` receives the transfers of all others,
 * `frozen` has credentials from before the account was frozen.
 */
export type People = Record<Role | "payee" | "frozen", Person>;

const PRIVATE_DATA: Record<keyof People, PrivateData> = {
  owner: person("Zephirinette", "Ouattarakin", "+22671654321", "Tresorcache", 7_654_321n),
  other: person("Quirinalda", "Nikiemawen", "+22671876543", "Magotdiscret", 3_456_789n),
  third: person("Aristobulle", "Zoungrana", "+22671111222", "Tiroirdutiers", 2_345_671n),
  payee: person("Eustachine", "Compaorette", "+22671555666", "Caissemarchande", 1_234_568n),
  frozen: person("Hyacinthine", "Bationoki", "+22671333444", "Gelinterieur", 6_543_217n),
};

function person(
  firstName: string,
  lastName: string,
  phone: string,
  label: string,
  francs: bigint,
): PrivateData {
  return { firstName, lastName, phone, label, francs };
}

export async function createPeople(deployment: Deployment): Promise<People> {
  // Ids long enough to be told from every other number in a response.
  await deployment.owner`alter table vaults alter column id restart with 910020030041`;
  await deployment.owner`alter table api_keys alter column id restart with 920030040051`;
  const payee = await Person.create(deployment, PRIVATE_DATA.payee);
  const create = (name: keyof People) => Person.create(deployment, PRIVATE_DATA[name], payee);
  const [owner, other, third, frozen] = await Promise.all([
    create("owner"),
    create("other"),
    create("third"),
    create("frozen"),
  ]);
  return { owner, other, third, payee, frozen };
}

const patterns = new WeakMap<object, RegExp>();

/** Matches any of a person's private data in a response, however numbers are grouped. */
export function privateDataPattern(person: Pick<Person, "privateData" | "walletNumber">): RegExp {
  const known = patterns.get(person);
  if (known !== undefined) return known;
  const { firstName, lastName, phone, label, francs } = person.privateData;
  const spaced = (number: string) => number.split("").join("[ \\u00a0\\u202f]?");
  const grouped = francs.toString().replace(/(\d)(\d{3})(\d{3})$/, "$1[^0-9<]{0,12}$2[^0-9<]{0,12}$3");
  const numbers = [spaced(phone.slice(4)), spaced(person.walletNumber), grouped];
  const whole = `(?<![0-9])(?:${numbers.join("|")})(?![0-9])`;
  const pattern = new RegExp([firstName, lastName, label, whole].join("|"), "i");
  patterns.set(person, pattern);
  return pattern;
}
