import type { Random } from "../random";
import type { Violation } from "../scenario";
import type { Door } from "./api-endpoints";
import { problemsOf } from "./check-answer";
import { type Draft, writeDraft } from "./draft";
import { ADDRESS_SPOILS } from "./mutate-addresses";
import { BODY_SPOILS } from "./mutate-bodies";
import { FIELD_SPOILS, type Spoil } from "./mutate-fields";
import { FRAMING_SPOILS, METHOD_SPOILS } from "./mutate-framing";
import { HEADER_SPOILS } from "./mutate-headers";
import { isAnswer, type Reply, Wire } from "./wire";
import type { World } from "./world";

/** The kinds of spoiling and how often each comes: what means something to the door most of all. */
const FAMILIES = {
  fields: { weight: 40, spoils: FIELD_SPOILS },
  bodies: { weight: 14, spoils: BODY_SPOILS },
  headers: { weight: 22, spoils: HEADER_SPOILS },
  addresses: { weight: 14, spoils: ADDRESS_SPOILS },
  methods: { weight: 4, spoils: METHOD_SPOILS },
  framings: { weight: 4, spoils: FRAMING_SPOILS },
} as const satisfies Record<string, { weight: number; spoils: Readonly<Record<string, Spoil>> }>;

export type Family = keyof typeof FAMILIES | "pipelines";

/** What was sent and what came of it, for the report. */
export interface Tally {
  requests: number;
  lanes: Map<string, number>;
  families: Map<Family, number>;
  statuses: Map<string, number>;
  accepted: number;
  refused: number;
  untouched: number;
}

export function newTally(): Tally {
  return {
    ...{ requests: 0, accepted: 0, refused: 0, untouched: 0 },
    ...{ lanes: new Map(), families: new Map(), statuses: new Map() },
  };
}

const UNTOUCHED = 0.06;
const MORE = 0.35;
const MUTATIONS_MAX = 4;

/** Spoils a draft once to four times; a few stay as they are, so that the doors are known to open. */
export function spoilDraft(draft: Draft, random: Random, world: World, tally: Tally): void {
  if (random.chance(UNTOUCHED)) {
    tally.untouched += 1;
    return;
  }
  const weights = Object.fromEntries(Object.entries(FAMILIES).map(([name, { weight }]) => [name, weight]));
  do {
    const family = random.weighted(weights) as keyof typeof FAMILIES;
    const spoils: Readonly<Record<string, Spoil>> = FAMILIES[family].spoils;
    const name = random.pick(Object.keys(spoils));
    spoils[name]?.(draft, random, world.around);
    draft.mutations.push(name);
    tally.families.set(family, (tally.families.get(family) ?? 0) + 1);
  } while (draft.mutations.length < MUTATIONS_MAX && random.chance(MORE));
}

// A machine that is four times slower than a quiet one, with a provider asked on the way.
const ANSWER_WITHIN_MS = 40_000;
const TUNNEL_WITHIN_MS = 1_000;
const HALF_WITHIN_MS = 300;
const SLOW_PAUSE_MS = 60;
const SLOW_PIECES = 3;
const PIPELINE_MAX = 4;

/** One worker: a connection for what is well framed, and a new one for everything else. */
export class Knocker {
  readonly #wire: Wire;

  constructor(
    readonly world: World,
    readonly tally: Tally,
  ) {
    this.#wire = new Wire(portOf(world));
  }

  close(): void {
    this.#wire.close();
  }

  /** Sends one request to a door, spoilt by what is drawn, and says what is wrong with the answer. */
  async knock(door: Door, random: Random): Promise<string[]> {
    const draft = await door.draft(this.world, random);
    spoilDraft(draft, random, this.world, this.tally);
    const reply = await this.#send(draft, random);
    this.#count(draft, reply);
    return problemsOf(draft, reply).map((problem) => `${describe(draft, reply)}: ${problem}`);
  }

  /** Several requests in one piece: answers have to come in order, each to its own. */
  async pipeline(doors: readonly Door[], random: Random): Promise<string[]> {
    const drafts: Draft[] = [];
    for (let left = random.int(2, PIPELINE_MAX); left > 0; left -= 1) {
      const draft = await random.pick(doors).draft(this.world, random);
      if (random.chance(0.5)) FIELD_SPOILS.amount?.(draft, random, this.world.around);
      drafts.push(draft);
    }
    const written = drafts.map((draft) => writeDraft(draft, this.world.around.host, random));
    const wire = new Wire(portOf(this.world));
    const bytes = Buffer.concat(written.map((each) => each.bytes));
    const heads = written.map(({ isHead }) => isHead);
    const replies = await wire.ask([bytes], { heads, withinMs: ANSWER_WITHIN_MS });
    wire.close();
    this.tally.families.set("pipelines", (this.tally.families.get("pipelines") ?? 0) + 1);
    return drafts.flatMap((draft, index) => {
      const reply = replies[index] ?? "silent";
      this.#count(draft, reply);
      draft.mutations.push("amount", "pipelined");
      return problemsOf(draft, reply).map((problem) => `${describe(draft, reply)}: ${problem}`);
    });
  }

  async #send(draft: Draft, random: Random): Promise<Reply> {
    const { bytes, isHead, isWellFramed } = writeDraft(draft, this.world.around.host, random);
    const isTunnel = draft.method === "CONNECT" || draft.headers.some(([name]) => name === "upgrade");
    const isAlone = !isWellFramed || isTunnel;
    const wire = isAlone ? new Wire(portOf(this.world)) : this.#wire;
    const withinMs = isTunnel ? TUNNEL_WITHIN_MS : isWellFramed ? ANSWER_WITHIN_MS : HALF_WITHIN_MS;
    const isSlow = draft.framing === "slow";
    const pieces = isSlow ? cut(bytes, SLOW_PIECES) : [bytes];
    const ask = () => wire.ask(pieces, { heads: [isHead], withinMs, pauseMs: isSlow ? SLOW_PAUSE_MS : 0 });
    let [reply = "silent"] = await ask();
    // A connection that was kept may have been closed in the very moment.
    if (reply === "closed" && !isAlone) [reply = "silent"] = await ask();
    if (isAlone) wire.close();
    return reply;
  }

  #count(draft: Draft, reply: Reply): void {
    const { tally } = this;
    tally.requests += 1;
    tally.lanes.set(draft.lane, (tally.lanes.get(draft.lane) ?? 0) + 1);
    const status = isAnswer(reply) ? String(reply.status) : reply;
    tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
    if (!isAnswer(reply)) return;
    if (reply.status >= 400) tally.refused += 1;
    else if (draft.mutations.length > 0 && draft.lane !== "page" && draft.lane !== "file")
      tally.accepted += 1;
  }
}

function portOf({ deployment }: World): number {
  return Number(new URL(deployment.url).port);
}

function cut(bytes: Buffer, count: number): Buffer[] {
  const size = Math.ceil(bytes.length / count);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

const TARGET_SHOWN = 120;

/** Which request it was, without its credentials. */
function describe({ door, method, target, mutations }: Draft, reply: Reply): string {
  const shown = target.length > TARGET_SHOWN ? `${target.slice(0, TARGET_SHOWN)}…` : target;
  const came = isAnswer(reply) ? ` → ${reply.status}` : "";
  return `${door} (${mutations.join(", ") || "as it should be"}) ${JSON.stringify(`${method} ${shown}`)}${came}`;
}

export function violationsOf(number: number, problems: readonly string[]): Violation[] {
  return problems.map((what) => ({ case: number, what }));
}
