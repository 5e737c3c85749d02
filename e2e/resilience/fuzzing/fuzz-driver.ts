import type { Random } from "../random";
import type { Violation } from "../scenario";
import type { Endpoint } from "./api-endpoints";
import { problemsOf } from "./check-response";
import { type Draft, writeDraft } from "./draft";
import { ADDRESS_MUTATORS } from "./mutate-addresses";
import { BODY_MUTATORS } from "./mutate-bodies";
import { FIELD_MUTATORS, type Mutator } from "./mutate-fields";
import { FRAMING_MUTATORS, METHOD_MUTATORS } from "./mutate-framing";
import { HEADER_MUTATORS } from "./mutate-headers";
import { isResponse, RawConnection, type Reply } from "./raw-connection";
import type { World } from "./world";

/** The families of mutators and their weights: values of fields, which endpoints interpret, most of all. */
const FAMILIES = {
  fields: { weight: 40, mutators: FIELD_MUTATORS },
  bodies: { weight: 14, mutators: BODY_MUTATORS },
  headers: { weight: 22, mutators: HEADER_MUTATORS },
  addresses: { weight: 14, mutators: ADDRESS_MUTATORS },
  methods: { weight: 4, mutators: METHOD_MUTATORS },
  framings: { weight: 4, mutators: FRAMING_MUTATORS },
} as const satisfies Record<string, { weight: number; mutators: Readonly<Record<string, Mutator>> }>;

/** Families of mutators, and several requests in one write. */
export type Family = keyof typeof FAMILIES | "pipelines";

/** Counts for the report. */
export interface Tally {
  requests: number;
  kinds: Map<string, number>;
  families: Map<Family, number>;
  statuses: Map<string, number>;
  accepted: number;
  refused: number;
  unchanged: number;
}

export function newTally(): Tally {
  return {
    ...{ requests: 0, accepted: 0, refused: 0, unchanged: 0 },
    ...{ kinds: new Map(), families: new Map(), statuses: new Map() },
  };
}

const UNCHANGED_SHARE = 0.06;
const ANOTHER_SHARE = 0.35;
const MUTATIONS_MAX = 4;

/** Applies one to four mutations; some drafts stay valid, which shows that the endpoints accept valid requests. */
function mutateDraft(draft: Draft, random: Random, world: World, tally: Tally): void {
  if (random.chance(UNCHANGED_SHARE)) {
    tally.unchanged += 1;
    return;
  }
  const weights = Object.fromEntries(Object.entries(FAMILIES).map(([name, { weight }]) => [name, weight]));
  do {
    const family = random.weighted(weights) as keyof typeof FAMILIES;
    const mutators: Readonly<Record<string, Mutator>> = FAMILIES[family].mutators;
    const name = random.pick(Object.keys(mutators));
    mutators[name]?.(draft, random, world.mutationContext);
    draft.mutations.push(name);
    tally.families.set(family, (tally.families.get(family) ?? 0) + 1);
  } while (draft.mutations.length < MUTATIONS_MAX && random.chance(ANOTHER_SHARE));
}

// For a busy machine, and a provider that is called meanwhile.
const RESPONSE_WITHIN_MS = 40_000;
const TUNNEL_WITHIN_MS = 1_000;
const MALFORMED_WITHIN_MS = 300;
const SLOW_PAUSE_MS = 60;
const SLOW_PIECES = 3;
const PIPELINE_MAX = 4;

/** Sends mutated requests: well-framed ones over one connection, each of the others over a new one. */
export class FuzzDriver {
  readonly #connection: RawConnection;

  constructor(
    readonly world: World,
    readonly tally: Tally,
  ) {
    this.#connection = new RawConnection(portOf(world));
  }

  close(): void {
    this.#connection.close();
  }

  /** Sends one mutated request to an endpoint. Returns what is wrong with the response. */
  async send(endpoint: Endpoint, random: Random): Promise<string[]> {
    const draft = await endpoint.draft(random);
    mutateDraft(draft, random, this.world, this.tally);
    const reply = await this.#send(draft, random);
    this.#count(draft, reply);
    return problemsOf(draft, reply).map((problem) => `${describe(draft, reply)}: ${problem}`);
  }

  /** Sends several requests in one write: their responses must come in the same order. */
  async pipeline(endpoints: readonly Endpoint[], random: Random): Promise<string[]> {
    const drafts: Draft[] = [];
    for (let left = random.int(2, PIPELINE_MAX); left > 0; left -= 1) {
      const draft = await random.pick(endpoints).draft(random);
      if (random.chance(0.5)) FIELD_MUTATORS.amount?.(draft, random, this.world.mutationContext);
      drafts.push(draft);
    }
    const written = drafts.map((draft) => writeDraft(draft, this.world.mutationContext.host, random));
    const connection = new RawConnection(portOf(this.world));
    const bytes = Buffer.concat(written.map((each) => each.bytes));
    const heads = written.map(({ isHead }) => isHead);
    const replies = await connection.exchange([bytes], { heads, withinMs: RESPONSE_WITHIN_MS });
    connection.close();
    this.tally.families.set("pipelines", (this.tally.families.get("pipelines") ?? 0) + 1);
    return drafts.flatMap((draft, index) => {
      const reply = replies[index] ?? "silent";
      this.#count(draft, reply);
      draft.mutations.push("amount", "pipelined");
      return problemsOf(draft, reply).map((problem) => `${describe(draft, reply)}: ${problem}`);
    });
  }

  async #send(draft: Draft, random: Random): Promise<Reply> {
    const { bytes, isHead, isWellFramed } = writeDraft(draft, this.world.mutationContext.host, random);
    const isTunnel = draft.method === "CONNECT" || draft.headers.some(([name]) => name === "upgrade");
    const isAlone = !isWellFramed || isTunnel;
    const connection = isAlone ? new RawConnection(portOf(this.world)) : this.#connection;
    const withinMs = isTunnel ? TUNNEL_WITHIN_MS : isWellFramed ? RESPONSE_WITHIN_MS : MALFORMED_WITHIN_MS;
    const isSlow = draft.framing === "slow";
    const pieces = isSlow ? cut(bytes, SLOW_PIECES) : [bytes];
    const exchange = () =>
      connection.exchange(pieces, { heads: [isHead], withinMs, pauseMs: isSlow ? SLOW_PAUSE_MS : 0 });
    let [reply = "silent"] = await exchange();
    // A kept-alive connection may have been closed just before.
    if (reply === "closed" && !isAlone) [reply = "silent"] = await exchange();
    if (isAlone) connection.close();
    return reply;
  }

  #count(draft: Draft, reply: Reply): void {
    const { tally } = this;
    tally.requests += 1;
    tally.kinds.set(draft.kind, (tally.kinds.get(draft.kind) ?? 0) + 1);
    const status = isResponse(reply) ? String(reply.status) : reply;
    tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
    if (!isResponse(reply)) return;
    if (reply.status >= 400) tally.refused += 1;
    else if (draft.mutations.length > 0 && draft.kind !== "page" && draft.kind !== "file")
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

/** The request for a violation, without its credentials. */
function describe({ endpoint, method, target, mutations }: Draft, reply: Reply): string {
  const shown = target.length > TARGET_SHOWN ? `${target.slice(0, TARGET_SHOWN)}…` : target;
  const came = isResponse(reply) ? ` → ${reply.status}` : "";
  return `${endpoint} (${mutations.join(", ") || "no mutation"}) ${JSON.stringify(`${method} ${shown}`)}${came}`;
}

export function violationsOf(number: number, problems: readonly string[]): Violation[] {
  return problems.map((what) => ({ case: number, what }));
}
