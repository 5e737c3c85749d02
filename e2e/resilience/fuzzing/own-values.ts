import type { Random } from "../random";
import { slotsOf } from "./mutate-fields";
import type { Person } from "./people";
import { ATTACKERS_PIN, type World } from "./world";

interface Request {
  attacker: Person;
  world: World;
  random: Random;
  /** Name of the endpoint. */
  endpoint: string;
}

type OwnValue = (request: Request) => unknown;

const pin: OwnValue = () => ATTACKERS_PIN;
const ownKey: OwnValue = ({ attacker }) => attacker.expiredKeyId;
const newKey: OwnValue = ({ random }) => random.hex(16);

/** Valid values that no schema tells, by the field's name: the attacker's own objects, and what only one deployment accepts. */
const OWN_VALUES: Readonly<Record<string, OwnValue>> = {
  accountNumber: () => "0123456789",
  // Never an amount that selects a scenario of the sandbox.
  amount: ({ random }) => random.int(31, 90) * random.pick([10, 1_000]),
  bankCode: () => "057",
  currentPin: pin,
  email: ({ attacker, random }) => random.pick([attacker.email, `${random.hex(8)}@example.test`]),
  expiredKeyId: ownKey,
  file: ({ random }) => random.pick(["start.js", "page.css"]),
  goal: () => "8 000",
  idempotencyKey: newKey,
  key: newKey,
  keyId: ownKey,
  // A locked vault would refuse all that follows.
  lockedUntil: ({ random }) => random.pick(["", "2020-01-01"]),
  method: () => "wave",
  next: () => "/wallet",
  phone: () => "+226 70 12 34 56",
  pin,
  pinAgain: pin,
  quoteId: ({ world, attacker, endpoint }) =>
    world.quote(attacker, endpoint === "confirmTransfer" ? "transfer" : "withdrawal"),
  reference: ({ attacker, random }) =>
    random.pick([attacker.reference, attacker.reference, "TXN-222222222222"]),
  returnUrl: () => "http://localhost/back",
  sessionId: async ({ world }) => (await world.disposableSession()).sessionId,
  vaultId: ({ attacker }) => attacker.vaultId,
  walletNumber: ({ world, attacker, random }) => world.other(attacker, random).walletNumber,
};

/** Puts {@link OWN_VALUES} in place of what was drawn for such fields; the drawn type stays. */
export async function putOwnValues(drawn: unknown, request: Request): Promise<void> {
  for (const [holder, key] of slotsOf(drawn)) {
    const name = key.replace(/[_-](\w)/g, (_all, letter: string) => letter.toUpperCase());
    const value = await OWN_VALUES[name.charAt(0).toLowerCase() + name.slice(1)]?.(request);
    if (value !== undefined) holder[key] = typeof holder[key] === "number" ? Number(value) : String(value);
  }
}
