import type { Random } from "../random";
import { HttpConnection, type Reply } from "../requests/http";
import { mayEndUnanswered, problemsOf } from "./check-response";
import { type Draft, type EndpointKind, FAMILIES, type Family, isWellFramed, writeDraft } from "./draft";
import type { Endpoint } from "./endpoint";
import { FIELD_MUTATORS } from "./mutate-fields";
import { MUTATORS } from "./mutators";
import type { World } from "./world";

/** Counts for the report. */
export interface Tally {
  requests: number;
  kinds: Record<EndpointKind, number>;
  families: Record<Family, number>;
  /** Several requests in one write. */
  pipelines: number;
  accepted: number;
  refused: number;
  unchanged: number;
}

export function newTally(): Tally {
  return {
    requests: 0,
    kinds: { api: 0, webhook: 0, auth: 0, page: 0, action: 0, file: 0, missing: 0 },
    families: { fields: 0, bodies: 0, headers: 0, addresses: 0, methods: 0, framings: 0 },
    pipelines: 0,
    accepted: 0,
    refused: 0,
    unchanged: 0,
  };
}

const UNCHANGED_SHARE = 0.06;
const ANOTHER_SHARE = 0.35;
const MUTATIONS_MAX = 4;
const WEIGHTS = Object.fromEntries(FAMILIES.map((family) => [family, MUTATORS[family].weight])) as Record<
  Family,
  number
>;

/** Applies one to four mutations; some drafts stay valid, which shows that the endpoints accept valid requests. */
function mutateDraft(draft: Draft, random: Random, world: World, tally: Tally): void {
  if (random.chance(UNCHANGED_SHARE)) {
    tally.unchanged += 1;
    return;
  }
  do {
    const family = random.weighted(WEIGHTS);
    const [name, mutate] = random.pick(Object.entries(MUTATORS[family].mutators));
    mutate(draft, random, world);
    draft.mutations.push({ family, name });
    tally.families[family] += 1;
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
  readonly #connection: HttpConnection;
  readonly #host: string;

  constructor(
    readonly world: World,
    readonly tally: Tally,
  ) {
    this.#host = world.target.host;
    this.#connection = this.#connect();
  }

  #connect(): HttpConnection {
    return new HttpConnection(Number(this.#host.split(":")[1]));
  }

  close(): void {
    this.#connection.close();
  }

  /** Sends one mutated request to an endpoint. Returns what is wrong with the response. */
  async send(endpoint: Endpoint, random: Random): Promise<string[]> {
    const draft = await endpoint.draft(random);
    mutateDraft(draft, random, this.world, this.tally);
    return this.#check(draft, await this.#exchange(draft, random));
  }

  /** Sends several requests in one write: their responses must come in the same order. */
  async pipeline(endpoints: readonly Endpoint[], random: Random): Promise<string[]> {
    const drafts: Draft[] = [];
    for (let left = random.int(2, PIPELINE_MAX); left > 0; left -= 1) {
      const draft = await random.pick(endpoints).draft(random);
      if (random.chance(0.5)) FIELD_MUTATORS.amount(draft, random, this.world);
      draft.mutations.push({ family: "fields", name: "amount" });
      drafts.push(draft);
    }
    const bytes = Buffer.concat(drafts.map((draft) => writeDraft(draft, this.#host, random)));
    const heads = drafts.map(({ method }) => method === "HEAD");
    const connection = this.#connect();
    const replies = await connection.exchange([bytes], { heads, withinMs: RESPONSE_WITHIN_MS });
    connection.close();
    this.tally.pipelines += 1;
    return drafts.flatMap((draft, index) => this.#check(draft, replies[index] ?? "silent"));
  }

  async #exchange(draft: Draft, random: Random): Promise<Reply> {
    const bytes = writeDraft(draft, this.#host, random);
    const isTunnel = mayEndUnanswered(draft);
    const isAlone = !isWellFramed(draft) || isTunnel;
    const connection = isAlone ? this.#connect() : this.#connection;
    const withinMs = isTunnel
      ? TUNNEL_WITHIN_MS
      : isWellFramed(draft)
        ? RESPONSE_WITHIN_MS
        : MALFORMED_WITHIN_MS;
    const isSlow = draft.framing === "slow";
    const options = { heads: [draft.method === "HEAD"], withinMs, pauseMs: isSlow ? SLOW_PAUSE_MS : 0 };
    const pieces = isSlow ? cut(bytes, SLOW_PIECES) : [bytes];
    let [reply = "silent"] = await connection.exchange(pieces, options);
    // A kept-alive connection may have been closed just before.
    if (reply === "closed" && !isAlone) [reply = "silent"] = await connection.exchange(pieces, options);
    if (isAlone) connection.close();
    return reply;
  }

  /** Counts the reply, and describes each of its problems with the request, without its credentials. */
  #check(draft: Draft, reply: Reply): string[] {
    const { tally } = this;
    const { endpoint, kind, method, target, mutations } = draft;
    const status = typeof reply === "string" ? null : reply.status;
    const isChanging = mutations.length > 0 && kind !== "page" && kind !== "file";
    tally.requests += 1;
    tally.kinds[kind] += 1;
    if (status !== null && status >= 400) tally.refused += 1;
    else if (status !== null && isChanging) tally.accepted += 1;
    const names = mutations.map(({ name }) => name).join(", ") || "no mutation";
    const shown = JSON.stringify(`${method} ${target}`.slice(0, TARGET_SHOWN));
    const came = status === null ? "" : ` → ${status}`;
    return problemsOf(draft, reply).map((problem) => `${endpoint} (${names}) ${shown}${came}: ${problem}`);
  }
}

const TARGET_SHOWN = 120;

function cut(bytes: Buffer, count: number): Buffer[] {
  const size = Math.ceil(bytes.length / count);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}
