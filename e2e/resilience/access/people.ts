import type { TestUser } from "@/e2e/support/people";
import type { Deployment } from "../deployment";
import { Person, type PrivateData } from "../requests/person";

/** The people whose credentials callers use. */
export type Role = "owner" | "other" | "third";

/**
 * Everybody in a run: `owner` has the objects that other callers try to reach, `payee` receives the transfers of all others,
 * `frozen` has credentials from before the account was frozen.
 */
export type People = Record<Role | "payee" | "frozen", Person>;

const PRIVATE_DATA: Record<
  keyof People,
  [firstName: string, lastName: string, phone: string, label: string, francs: bigint]
> = {
  owner: ["Zephirinette", "Ouattarakin", "+22671654321", "Tresorcache", 7_654_321n],
  other: ["Quirinalda", "Nikiemawen", "+22671876543", "Magotdiscret", 3_456_789n],
  third: ["Aristobulle", "Zoungrana", "+22671111222", "Tiroirdutiers", 2_345_671n],
  payee: ["Eustachine", "Compaorette", "+22671555666", "Caissemarchande", 1_234_568n],
  frozen: ["Hyacinthine", "Bationoki", "+22671333444", "Gelinterieur", 6_543_217n],
};

export async function createPeople(deployment: Deployment): Promise<People> {
  // Ids long enough to be told from every other number in a response.
  await deployment.owner`alter table vaults alter column id restart with 910020030041`;
  await deployment.owner`alter table api_keys alter column id restart with 920030040051`;
  await deployment.owner`alter table passkeys alter column id restart with 930040050061`;
  const create = (role: keyof People, payee: Person | null) => {
    const [firstName, lastName, phone, label, francs] = PRIVATE_DATA[role];
    return Person.create(deployment, { firstName, lastName, phone, label, francs }, payee);
  };
  const payee = await create("payee", null);
  const owner = await create("owner", payee);
  const [other, third] = [await create("other", payee), await create("third", payee)];
  return { owner, other, third, payee, frozen: await create("frozen", payee) };
}

const patterns = new WeakMap<object, RegExp>();

/** Matches any of a person's private data in a response, however numbers are grouped. */
export function privateDataPattern(person: {
  privateData: PrivateData;
  user: Pick<TestUser, "walletNumber">;
}): RegExp {
  const known = patterns.get(person);
  if (known !== undefined) return known;
  const { firstName, lastName, phone, label, francs } = person.privateData;
  const spaced = (number: string) => number.split("").join("[ \\u00a0\\u202f]?");
  const grouped = francs.toString().replace(/(\d)(\d{3})(\d{3})$/, "$1[^0-9<]{0,12}$2[^0-9<]{0,12}$3");
  const numbers = [spaced(phone.slice(4)), spaced(person.user.walletNumber), grouped];
  const whole = `(?<![0-9])(?:${numbers.join("|")})(?![0-9])`;
  const pattern = new RegExp([firstName, lastName, label, whole].join("|"), "i");
  patterns.set(person, pattern);
  return pattern;
}
