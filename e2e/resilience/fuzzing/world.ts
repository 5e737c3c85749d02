import { newKey } from "@/lib/ids";
import { invariant } from "@/lib/invariant";
import type { Deployment } from "../deployment";
import type { Random } from "../random";
import type { Surroundings } from "./mutate-fields";
import { mintPerson, mintQuote, mintSession, type Person, signInWithGoogle, type Tokens } from "./people";
import { type BuiltAction, readBuild } from "./read-build";

/** Everything that requests are made of. */
export interface World {
  deployment: Deployment;
  around: Surroundings;
  attackers: readonly Person[];
  /** Signs out all the time, so that the others stay signed in. */
  leaver: Person;
  /** Never sends anything: whatever changes for them was done by somebody else. */
  bystanders: readonly Person[];
  actions: readonly BuiltAction[];
  pages: readonly string[];
  /** Hidden fields of each form, by its action's id, as the pages have them. */
  hiddenFields: Map<string, [string, string][]>;
  /** A file of the build that browsers fetch. */
  script: string;
  attacker(random: Random): Person;
  other(attacker: Person, random: Random): Person;
  leaverTokens(): Promise<Tokens>;
  leaverSession(): ReturnType<typeof mintSession>;
  quote(of: Person, type: "withdrawal" | "transfer"): Promise<string>;
}

const ATTACKERS = 6;
const BYSTANDERS = 3;
const PIN = "4907";

/** What people type to confirm money. */
export const ATTACKERS_PIN = PIN;

/** Mints everybody, and learns from the build and the database what there is to knock at. */
export async function makeWorld(deployment: Deployment): Promise<World> {
  const build = readBuild();
  const mint = (name: string) => mintPerson(deployment, name);
  const attackers: Person[] = [];
  for (let count = 0; count < ATTACKERS; count += 1) {
    attackers.push(await mint("attacker"));
  }
  const leaver = await mint("leaver");
  const bystanders: Person[] = [];
  for (let count = 0; count < BYSTANDERS; count += 1) bystanders.push(await mint("bystander"));
  const columns = await deployment.owner<{ column_name: string }[]>`
    select distinct column_name from information_schema.columns where table_schema = 'public' order by 1`;
  const around: Surroundings = {
    host: new URL(deployment.url).host,
    columns: columns.map(({ column_name: name }) => name),
    othersIds: bystanders.flatMap(idsOf),
    actionIds: build.actions.map(({ id }) => id),
  };
  const attacker = (random: Random) => random.pick(attackers);
  return {
    ...{ deployment, around, attackers, leaver, bystanders, attacker },
    ...build,
    hiddenFields: new Map(),
    script: "",
    other: (one, random) => random.pick(attackers.filter(({ userId }) => userId !== one.userId)),
    leaverTokens: () => signInWithGoogle(deployment, leaver.email),
    leaverSession: () => mintSession(deployment, leaver.userId),
    quote: (of, type) => {
      const to = attackers.find(({ userId }) => userId !== of.userId);
      invariant(to, "there is more than one attacker");
      return mintQuote(deployment, of, type, type === "transfer" ? to : undefined);
    },
  };
}

/** Not the wallet's number: anybody may send money to that. */
function idsOf(person: Person): string[] {
  const { userId, walletId, vaultId, keyId, expiredKeyId, quoteId, reference, sessionId, email } = person;
  const ids = [userId, walletId, vaultId, keyId, expiredKeyId].map(String);
  return [...ids, quoteId, reference, sessionId, email];
}

/** So that refusals by the hundred don't end at the limits, which other parts prove: attackers only. */
export async function forgetLimits({ deployment, attackers }: World): Promise<void> {
  const users = attackers.map(({ userId }) => userId.toString());
  const kept = attackers.map(({ keyId }) => keyId.toString());
  await deployment.owner`delete from rate_limits`;
  await deployment.owner`update pins set wrong_tries = 0, locked_until = null
    where user_id = any(${users}::bigint[]) and wrong_tries > 0`;
  await deployment.owner`update api_keys set revoked_at = clock_timestamp()
    where user_id = any(${users}::bigint[]) and id <> all(${kept}::bigint[]) and revoked_at is null and expires_at > clock_timestamp()
      and created_at < clock_timestamp() - interval '5 seconds'`;
}

/** Everything that a bystander has, row by row. */
export async function readUserState({ deployment, bystanders }: World): Promise<string> {
  const { owner } = deployment;
  const users = bystanders.map(({ userId }) => userId.toString());
  const wallets = bystanders.map(({ walletId }) => walletId.toString());
  const addresses = wallets.map((id) => `wallet/${id}/%`);
  const rows = [
    await owner`select * from users where id = any(${users}::bigint[]) order by id`,
    await owner`select * from sessions where user_id = any(${users}::bigint[]) order by id`,
    await owner`select * from api_keys where user_id = any(${users}::bigint[]) order by id`,
    await owner`select * from pins where user_id = any(${users}::bigint[]) order by user_id`,
    await owner`select * from quotes where user_id = any(${users}::bigint[]) order by id`,
    await owner`select * from idempotency_keys where user_id = any(${users}::bigint[]) order by key`,
    await owner`select * from vaults where wallet_id = any(${wallets}::bigint[]) order by id`,
    await owner`select * from operations where wallet_id = any(${wallets}::bigint[])
      or counterparty_wallet_id = any(${wallets}::bigint[]) order by id`,
    await owner`select * from ledger_accounts where address like any(${addresses}) order by id`,
  ];
  return JSON.stringify(rows);
}

/** A new idempotency key, from the case's own choices. */
export function drawnKey(random: Random): string {
  return random.chance(0.9) ? random.hex(16) : newKey();
}
