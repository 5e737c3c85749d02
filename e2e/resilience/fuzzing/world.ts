import { fileURLToPath } from "node:url";
import { invariant } from "@/lib/invariant";
import type { Deployment } from "../deployment";
import type { Random } from "../random";
import { type BuiltAction, readBuild } from "../read-build";
import type { MutationContext } from "./mutate-fields";
import {
  createPerson,
  createQuote,
  createSession,
  type Person,
  signInWithGoogle,
  type Tokens,
} from "./people";

/** Everything that drafts are made from. */
export interface World {
  deployment: Deployment;
  mutationContext: MutationContext;
  attackers: readonly Person[];
  /** Its sessions are used for requests that sign out, so that the attackers stay signed in. */
  signOutUser: Person;
  /** Send nothing: any change to their rows is a violation. */
  bystanders: readonly Person[];
  actions: readonly BuiltAction[];
  pages: readonly string[];
  /** Hidden fields of each form as the pages have them, by the id of its action. */
  hiddenFields: Map<string, [string, string][]>;
  /** Path of a script of the build. */
  script: string;
  attacker(random: Random): Person;
  other(attacker: Person, random: Random): Person;
  disposableTokens(): Promise<Tokens>;
  disposableSession(): ReturnType<typeof createSession>;
  quote(of: Person, type: "withdrawal" | "transfer"): Promise<string>;
}

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const ATTACKERS = 6;
const BYSTANDERS = 3;
export const ATTACKERS_PIN = "4907";

/** Creates all people, and reads endpoints from the build and names of columns from the database. */
export async function createWorld(deployment: Deployment): Promise<World> {
  const build = readBuild(ROOT);
  const create = (name: string) => createPerson(deployment, name);
  const attackers: Person[] = [];
  for (let count = 0; count < ATTACKERS; count += 1) {
    attackers.push(await create("attacker"));
  }
  const signOutUser = await create("sign-out");
  const bystanders: Person[] = [];
  for (let count = 0; count < BYSTANDERS; count += 1) bystanders.push(await create("bystander"));
  const columns = await deployment.owner<{ column_name: string }[]>`
    select distinct column_name from information_schema.columns where table_schema = 'public' order by 1`;
  const mutationContext: MutationContext = {
    host: new URL(deployment.url).host,
    columns: columns.map(({ column_name: name }) => name),
    othersIds: bystanders.flatMap(idsOf),
    actionIds: build.actions.map(({ id }) => id),
  };
  const attacker = (random: Random) => random.pick(attackers);
  return {
    ...{ deployment, mutationContext, attackers, signOutUser, bystanders, attacker },
    actions: build.actions,
    pages: [...build.pages, ...build.handlers].filter((route) => route.startsWith("/[locale]")),
    hiddenFields: new Map(),
    script: "",
    other: (one, random) => random.pick(attackers.filter(({ userId }) => userId !== one.userId)),
    disposableTokens: () => signInWithGoogle(deployment, signOutUser.email),
    disposableSession: () => createSession(deployment, signOutUser.userId),
    quote: (of, type) => {
      const to = attackers.find(({ userId }) => userId !== of.userId);
      invariant(to, "there is more than one attacker");
      return createQuote(deployment, of, type, type === "transfer" ? to : undefined);
    },
  };
}

/** Not the wallet's number: everybody may send money to it. */
function idsOf(person: Person): string[] {
  const { userId, walletId, vaultId, keyId, expiredKeyId, quoteId, reference, sessionId, email } = person;
  const ids = [userId, walletId, vaultId, keyId, expiredKeyId].map(String);
  return [...ids, quoteId, reference, sessionId, email];
}

/** Resets rate limits, PIN locks and numbers of keys of the attackers, so that requests aren't refused only for these. */
export async function resetLimits({ deployment, attackers }: World): Promise<void> {
  const users = attackers.map(({ userId }) => userId.toString());
  const kept = attackers.map(({ keyId }) => keyId.toString());
  await deployment.owner`delete from rate_limits`;
  await deployment.owner`update pins set wrong_tries = 0, locked_until = null
    where user_id = any(${users}::bigint[]) and wrong_tries > 0`;
  await deployment.owner`update api_keys set revoked_at = clock_timestamp()
    where user_id = any(${users}::bigint[]) and id <> all(${kept}::bigint[]) and revoked_at is null and expires_at > clock_timestamp()
      and created_at < clock_timestamp() - interval '5 seconds'`;
}

/** All rows that belong to bystanders, as JSON. */
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
