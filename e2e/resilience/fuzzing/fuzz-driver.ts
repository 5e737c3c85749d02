import type { Random } from "../random";
import { exchange, type Reply } from "../requests/http";
import { Tally } from "../run-cases";
import { mayEndUnanswered, problemsOf } from "./check-response";
import { type Draft, type Family, isWellFramed, writeDraft } from "./draft";
import type { FuzzEndpoint } from "./endpoints";
import { FIELD_MUTATORS } from "./field-mutators";
import { MUTATORS, WEIGHTS } from "./mutators";
import type { World } from "./world";

export function newTally(): Tally {
  const families = Object.keys(WEIGHTS).map((family) => `${family} mutated`);
  return new Tally([...families, "pipelines", "refused", "accepted"]);
}

const UNCHANGED_SHARE = 0.06;
const ANOTHER_SHARE = 0.35;
const MUTATIONS_MAX = 4;

/** A request with one to four mutations; some stay valid, which shows that the endpoints accept valid requests. */
async function draftMutated(endpoint: FuzzEndpoint, random: Random, world: World): Promise<Draft> {
  if (random.chance(UNCHANGED_SHARE)) return await endpoint.draft(random);
  const families: Family[] = [];
  do families.push(random.weighted(WEIGHTS));
  while (families.length < MUTATIONS_MAX && random.chance(ANOTHER_SHARE));
  const names = families.flatMap((family) =>
    family === "fields" ? random.pick(Object.keys(FIELD_MUTATORS)) : [],
  );
  const draft = await endpoint.draft(random, (parts) => {
    for (const name of names) FIELD_MUTATORS[name]?.(parts, random, world);
  });
  draft.mutations.push(...names.map((name) => ({ family: "fields" as const, name })));
  for (const family of families) {
    if (family === "fields") continue;
    const [name, mutate] = random.pick(Object.entries(MUTATORS[family]));
    mutate(draft.request, random, world, draft);
    draft.mutations.push({ family, name });
  }
  return draft;
}

// For a busy machine, and a provider that is called meanwhile.
const RESPONSE_WITHIN_MS = 40_000;
const TUNNEL_WITHIN_MS = 1_000;
const MALFORMED_WITHIN_MS = 300;
const SLOW_PAUSE_MS = 60;
const SLOW_PIECES = 3;
const PIPELINE_MAX = 4;

/** Sends one mutated request to an endpoint. Returns what is wrong with the response. */
export async function sendMutated(world: World, tally: Tally, endpoint: FuzzEndpoint, random: Random) {
  return await sendDrafts(world, tally, [await draftMutated(endpoint, random, world)], random);
}

/** Sends several requests in one write: their responses must come in the same order. */
export async function sendPipeline(
  world: World,
  tally: Tally,
  endpoints: readonly FuzzEndpoint[],
  random: Random,
): Promise<string[]> {
  const drafts: Draft[] = [];
  for (let left = random.int(2, PIPELINE_MAX); left > 0; left -= 1) {
    const draft = await random.pick(endpoints).draft(random, (parts) => {
      if (random.chance(0.5)) FIELD_MUTATORS.amount?.(parts, random, world);
    });
    draft.mutations.push({ family: "fields", name: "amount" });
    drafts.push(draft);
  }
  tally.fault("pipelines");
  return await sendDrafts(world, tally, drafts, random);
}

async function sendDrafts(
  { target: { host } }: World,
  tally: Tally,
  drafts: readonly Draft[],
  random: Random,
): Promise<string[]> {
  const bytes = Buffer.concat(drafts.map((draft) => writeDraft(draft, host, random)));
  const size = drafts[0]?.framing === "slow" ? Math.ceil(bytes.length / SLOW_PIECES) : bytes.length;
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  const malformedMs = drafts.every(isWellFramed) ? RESPONSE_WITHIN_MS : MALFORMED_WITHIN_MS;
  const replies = await exchange(host, pieces, {
    heads: drafts.map(({ request }) => request.method === "HEAD"),
    withinMs: drafts.some(mayEndUnanswered) ? TUNNEL_WITHIN_MS : malformedMs,
    pauseMs: SLOW_PAUSE_MS,
  });
  return drafts.flatMap((draft, index) => check(tally, draft, replies[index] ?? "silent"));
}

const TARGET_SHOWN = 120;

/** Counts the reply, and describes each of its problems with the request, without its credentials. */
function check(tally: Tally, draft: Draft, reply: Reply): string[] {
  const { endpoint, kind, request, mutations } = draft;
  const status = typeof reply === "string" ? null : reply.status;
  const isChanging = mutations.length > 0 && kind !== "page" && kind !== "file";
  const unchanged = mutations.length === 0 ? 1 : 0;
  const kinds = `to ${kind === "call" ? "the API" : `${kind}s`}`;
  tally.count({ requests: 1, [kinds]: 1, "without mutation": unchanged });
  for (const { family } of mutations) tally.fault(`${family} mutated`);
  if (status !== null && status >= 400) tally.fault("refused");
  else if (status !== null && isChanging) tally.fault("accepted");
  const names = mutations.map(({ name }) => name).join(", ") || "no mutation";
  const shown = JSON.stringify(`${request.method} ${request.target}`.slice(0, TARGET_SHOWN));
  const came = status === null ? "" : ` → ${status}`;
  return problemsOf(draft, reply).map((problem) => `${endpoint} (${names}) ${shown}${came}: ${problem}`);
}
