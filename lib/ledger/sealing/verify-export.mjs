#!/usr/bin/env node
// Verifies an export of Cauris' seals without trusting Cauris: needs Node.js 20 and this file alone.
//   node verify-export.mjs <export> [<earlier export>]
// The export comes from `npm run cauris -- seals export --with-postings --out <export>`. What is shown:
//   1. every seal is bound to the one before it, and its rows are the ones that were sealed (SHA-256);
//   2. every posting is of its accounts' currency, each running balance and version follows from the one before it, none
//      falls below its minimum balance, and all accounts sum to zero;
//   3. with an earlier export: the chain that was exported then is the beginning of this one.
// The format is in lib/ledger/README.md. Exits 0 when all holds, 1 when something doesn't, 2 when it can't tell.
import { createHash } from "node:crypto";
import fs from "node:fs";
import { createInterface } from "node:readline";

const FORMAT = '{"format":"cauris-seals","version":"1"}';
/** Subjects whose rows are in an export with postings; of the others it has the seals alone. */
const EXPORTED_SUBJECTS = ["accounts", "entries", "checkpoints"];

class Fault extends Error {}

function must(isTrue, sentence) {
  if (!isTrue) throw new Fault(sentence);
}

/** A row in the one way to write it: no second key of a name, no other spelling of a value. */
function parse(line) {
  const row = JSON.parse(line);
  must(JSON.stringify(row) === line, "it isn't written canonically");
  return row;
}

/** The ledger as its rows say: accounts by id, with balance and version after the postings so far. */
class Ledger {
  accounts = new Map();
  counts = { entries: 0, postings: 0 };
  newest = 0n;
  /** The entries of the range that is being read. */
  entries = new Map();

  add(row) {
    if ("address" in row) this.addAccount(row);
    else if ("entry" in row) this.addEntry(row);
    else if ("posting" in row) this.addPosting(row);
    else
      must(
        this.accounts.get(row.account)?.minimumBalance === null,
        "this is a checkpoint of no derived account",
      );
  }

  addAccount({ account, currency, address, minimum_balance: minimumBalance }) {
    must(!this.accounts.has(account), `account ${account} stands twice`);
    const lowest = minimumBalance === null ? null : BigInt(minimumBalance);
    this.accounts.set(account, { address, currency, minimumBalance: lowest, balance: 0n, version: 0n });
  }

  addEntry({ entry, recorded_at }) {
    must(BigInt(entry) > this.newest, `entry ${entry} isn't in order`);
    this.newest = BigInt(entry);
    this.entries.set(entry, { recorded_at, postings: 0 });
    this.counts.entries += 1;
  }

  addPosting(row) {
    const name = `posting ${row.posting}/${row.position}`;
    const entry = this.entries.get(row.posting);
    must(entry !== undefined, `${name} has no entry`);
    entry.postings += 1;
    must(row.position === String(entry.postings), `${name} isn't number ${entry.postings} of its entry`);
    must(row.recorded_at === entry.recorded_at, `${name} wasn't recorded with its entry`);
    const amount = BigInt(row.amount);
    must(amount > 0n && row.from !== row.to, `${name} moves nothing`);
    this.change(name, row.currency, -amount, row.from, row.from_balance, row.from_version);
    this.change(name, row.currency, amount, row.to, row.to_balance, row.to_version);
    this.counts.postings += 1;
  }

  change(name, currency, amount, id, balance, version) {
    const account = this.accounts.get(id);
    must(account !== undefined, `${name}: there is no account ${id}`);
    const { address, minimumBalance } = account;
    must(account.currency === currency, `${name}: ${address} holds ${account.currency}`);
    account.balance += amount;
    account.version += 1n;
    if (minimumBalance === null)
      return must(balance === null && version === null, `${name}: ${address} is derived`);
    must(version === String(account.version), `${name}: ${version} isn't the next of ${address}`);
    must(balance === String(account.balance), `${name}: ${address} has ${account.balance}, not ${balance}`);
    must(
      amount > 0n || account.balance >= minimumBalance,
      `${name}: ${address} falls below its minimum balance`,
    );
  }

  closeRange() {
    for (const [id, entry] of this.entries) must(entry.postings > 0, `entry ${id} has no posting`);
    this.entries.clear();
  }

  checkSums() {
    const sums = new Map();
    for (const { currency, balance } of this.accounts.values())
      sums.set(currency, (sums.get(currency) ?? 0n) + balance);
    for (const [currency, sum] of sums) must(sum === 0n, `all accounts sum to ${sum} ${currency}`);
  }
}

/** The chain of seals; `earlier` is the head of an earlier export, or null. */
class Chain {
  number = 0n;
  root = "0".repeat(64);
  /** The last id that was sealed, by subject. */
  ends = new Map();
  /** True when rows of the ledger were left out. */
  isBare = false;

  constructor(earlier) {
    this.earlier = earlier;
  }

  /** `rows` is what stands before the seal: the hash of its lines, and how many they are. */
  add(line, rows, isWhole) {
    const seal = parse(line);
    const name = `seal ${seal.seal} (${seal.subject} ${seal.from} to ${seal.to})`;
    must(BigInt(seal.seal) === this.number + 1n, `seal ${this.number + 1n} is missing`);
    must(seal.previous === this.root, `${name} isn't bound to the one before it`);
    must(BigInt(seal.from) === (this.ends.get(seal.subject) ?? 0n) + 1n, `${name} leaves something out`);
    if (isWhole && EXPORTED_SUBJECTS.includes(seal.subject)) {
      must(rows.content === seal.content, `${name} covers other rows than it sealed`);
    } else {
      must(rows.count === 0, `${name} has rows that nothing sealed`);
      this.isBare ||= EXPORTED_SUBJECTS.includes(seal.subject) && seal.rows !== "0";
    }
    this.ends.set(seal.subject, BigInt(seal.to));
    this.number += 1n;
    this.root = createHash("sha256").update(line, "utf8").digest("hex");
    if (this.earlier?.head !== seal.seal) return;
    must(this.earlier.root === this.root, `the chain up to ${name} isn't the one that was exported before`);
  }

  close({ head, root }) {
    must(head === String(this.number) && root === this.root, "the head isn't the last seal's");
    const before = BigInt(this.earlier?.head ?? 0);
    must(before <= this.number, `the chain was cut: seal ${before} was exported before`);
  }
}

const readLines = (file) => createInterface({ input: fs.createReadStream(file), crlfDelay: Infinity });
const nothing = () => ({ hash: createHash("sha256"), count: 0 });

async function headOf(file) {
  let last = "";
  for await (const line of readLines(file)) last = line;
  must(last.startsWith('{"head":'), `${file} is no whole export`);
  return parse(last);
}

async function verify(file, earlierFile) {
  const ledger = new Ledger();
  const chain = new Chain(earlierFile === undefined ? null : await headOf(earlierFile));
  // An export has all of its rows or none: whether it does is known from its first one on.
  let [at, rows, isWhole, isClosed] = [0, nothing(), false, false];
  const read = (line) => {
    must(!isClosed, "something stands behind the head");
    if (at === 1) must(line === FORMAT, "this is no export of seals, or one of another version");
    else if (line.startsWith('{"seal":')) {
      chain.add(line, { ...rows, content: rows.hash.digest("hex") }, isWhole);
      ledger.closeRange();
      rows = nothing();
    } else if (line.startsWith('{"head":')) {
      chain.close(parse(line));
      isClosed = true;
    } else {
      isWhole = true;
      rows.hash.update(`${line}\n`, "utf8");
      rows.count += 1;
      ledger.add(parse(line));
    }
  };
  try {
    for await (const line of readLines(file)) {
      at += 1;
      read(line);
    }
  } catch (error) {
    if (error.code !== undefined) throw error;
    throw new Fault(`line ${at}: ${error.message}`);
  }
  must(isClosed, "the export has no head: it was cut off");
  must(!isWhole || !chain.isBare, "the export has some rows, and not all");
  ledger.checkSums();
  return { ledger, chain, isWhole };
}

const [file, earlierFile] = process.argv.slice(2);
try {
  if (file === undefined) throw new Error("node verify-export.mjs <export> [<earlier export>]");
  const { ledger, chain, isWhole } = await verify(file, earlierFile);
  const { entries, postings } = ledger.counts;
  const known = earlierFile === undefined ? "" : ", and continues the earlier export";
  const balances = isWhole
    ? `${ledger.accounts.size} accounts, ${entries} entries, ${postings} postings: balances follow, and sum to zero.`
    : "It has no postings, so balances were not checked.";
  const root = `Root ${chain.root}`;
  process.stdout.write(`The chain of ${chain.number} seals holds${known}.\n${balances}\n${root}\n`);
} catch (error) {
  process.stderr.write(`✗ ${error.message}\n`);
  process.exitCode = error instanceof Fault ? 1 : 2;
}
