import { execFile, execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { StartError } from "@/lib/start-error";
import { type Load, runCallers } from "./run-callers";

/**
 * The smallest SQL that does what a transfer must: lock both accounts in order, move the balance, name the event
 * once, write the posting; one commit a call. No list, no verdict, no check of the caller, no index for reading.
 */
const SCHEMA = `
create schema limit_;
create table limit_.account (
  id int primary key, balance bigint not null check (balance >= 0), version bigint not null default 0
) with (fillfactor = 50);
create table limit_.entry (
  id bigint generated always as identity primary key, source text not null, step text not null,
  recorded_at timestamptz not null default clock_timestamp(), unique (source, step)
);
create table limit_.posting (
  entry_id bigint primary key, from_account int not null, to_account int not null,
  amount bigint not null check (amount > 0),
  from_balance bigint not null, from_version bigint not null, to_balance bigint not null, to_version bigint not null
);
create function limit_.transfer(p_from int, p_to int, p_amount bigint, p_source text) returns bigint
language plpgsql as $$
declare
  v_entry bigint; v_from_balance bigint; v_from_version bigint; v_to_balance bigint; v_to_version bigint;
begin
  perform from limit_.account where id in (p_from, p_to) order by id for no key update;
  update limit_.account set balance = balance - p_amount, version = version + 1 where id = p_from
    returning balance, version into v_from_balance, v_from_version;
  update limit_.account set balance = balance + p_amount, version = version + 1 where id = p_to
    returning balance, version into v_to_balance, v_to_version;
  insert into limit_.entry (source, step) values (p_source, 'transfer') returning id into v_entry;
  insert into limit_.posting values (v_entry, p_from, p_to, p_amount,
    v_from_balance, v_from_version, v_to_balance, v_to_version);
  return v_entry;
end $$;`;

const CALL = "select limit_.transfer(:from, :to, 100, 'TXN-' || :source::text);";

function scriptFor(load: Load, wallets: number): string {
  const target =
    load === "hot"
      ? [`\\set to ${wallets + 1}`]
      : [`\\set shift random(1, ${wallets - 1})`, `\\set to 1 + (:from + :shift - 1) % ${wallets}`];
  return [
    `\\set from random(1, ${wallets})`,
    ...target,
    "\\set source random(1, 9000000000000000000)",
    CALL,
    "",
  ].join("\n");
}

/** Makes the limit's own tables, with as many accounts as the product has and the merchant behind them. */
export async function createLimit(owner: postgres.Sql, wallets: number): Promise<void> {
  await owner.unsafe(SCHEMA);
  await owner`insert into limit_.account (id, balance)
    select id, 1000000000 from generate_series(1, ${wallets + 1}) as id`;
  await owner.unsafe("vacuum analyze limit_.account");
}

/** pgbench on the PATH, or the newest of those that Debian and Ubuntu keep beside their servers. */
export function findPgbench(): string | undefined {
  const versions = "/usr/lib/postgresql";
  const kept = fs.existsSync(versions)
    ? fs
        .readdirSync(versions)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => path.join(versions, version, "bin", "pgbench"))
    : [];
  return ["pgbench", ...kept].find((program) => {
    try {
      execFileSync(program, ["--version"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

export interface LimitRun {
  load: Load;
  wallets: number;
  clients: number;
  seconds: number;
  signal: AbortSignal;
}

/** Transfers per second of the limit; throws when a single one failed. */
export type LimitDriver = (run: LimitRun) => Promise<number>;

export function drivePgbench(pgbench: string, ownerUrl: string): LimitDriver {
  const url = new URL(ownerUrl);
  const connection = ["-h", url.hostname, "-p", url.port || "5432", "-U", decodeURIComponent(url.username)];
  return async ({ load, wallets, clients, seconds, signal }) => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "cauris-pgbench-"));
    try {
      const script = path.join(directory, "transfer.sql");
      fs.writeFileSync(script, scriptFor(load, wallets));
      for (const factor of [1, 5]) {
        const run = [
          "-n",
          "-M",
          "prepared",
          "-c",
          String(clients),
          "-j",
          "1",
          "-T",
          String(seconds * factor),
        ];
        const args = [...connection, ...run, "-f", script, url.pathname.slice(1)];
        const output = await runPgbench(pgbench, args, {
          password: decodeURIComponent(url.password),
          signal,
        });
        const rate = Number(/^tps = ([\d.]+)/m.exec(output)?.[1]);
        if (Number(/failed transactions: (\d+)/.exec(output)?.[1]) > 0)
          throw new Error(`pgbench:\n${output}`);
        if (rate > 0) return rate;
        // Its time includes connecting: on a busy machine nothing else may fit into a second.
      }
      throw new StartError("This machine is too busy to measure anything.");
    } finally {
      fs.rmSync(directory, { recursive: true, force: true });
    }
  };
}

function runPgbench(
  program: string,
  args: string[],
  { password, signal }: { password: string; signal: AbortSignal },
): Promise<string> {
  // Not among the arguments, which every user of the machine can read.
  const env: NodeJS.ProcessEnv = { NODE_ENV: "production", LC_ALL: "C", PGPASSWORD: password };
  return new Promise((resolve, reject) => {
    execFile(program, args, { env, signal }, (error, stdout, stderr) => {
      if (error) reject(new Error(`pgbench failed: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
  });
}

/** For machines without pgbench: the same statement, driven from Node. Node's own cost is in the figure. */
export function driveFromNode(ownerUrl: string): LimitDriver {
  return async ({ load, wallets, clients, seconds, signal }) => {
    const sql = postgres(ownerUrl, { max: clients, onnotice: () => {} });
    const random = (below: number) => Math.floor(Math.random() * below);
    try {
      await Promise.all(Array.from({ length: clients }, () => sql`select 1`));
      const { perSecond } = await runCallers(
        { callers: clients, durationMs: seconds * 1000, signal },
        async () => {
          const from = 1 + random(wallets);
          const to = load === "hot" ? wallets + 1 : 1 + ((from + random(wallets - 1)) % wallets);
          const source = `TXN-${random(2 ** 53)}`;
          await sql`select limit_.transfer(${from}, ${to}, 100, ${source})`;
          return 1;
        },
      );
      return perSecond;
    } finally {
      await sql.end({ timeout: 5 });
    }
  };
}
