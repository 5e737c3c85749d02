import type { Random } from "../random";
import { type Endpoint, plainDraft } from "./api-endpoints";
import type { Draft } from "./draft";
import type { Person } from "./people";
import type { World } from "./world";

const UNKNOWN_REFERENCE = "TXN-222222222222";

/** A page's path with its parameters filled in, mostly by ids of the attacker's own objects. */
export async function addressOfPage(
  page: string,
  world: World,
  attacker: Person,
  random: Random,
): Promise<string> {
  const { vaultId, keyId, expiredKeyId, reference } = attacker;
  const needsQuote = page.includes("[quoteId]") && random.chance(0.5);
  const kind = page.includes("/transfer/") ? "transfer" : "withdrawal";
  const quote = needsQuote ? await world.quote(attacker, kind) : attacker.quoteId;
  const filled = page
    .replace("[vaultId]", vaultId.toString())
    .replace("[keyId]", random.chance(0.7) ? expiredKeyId.toString() : keyId.toString())
    .replace("[quoteId]", quote)
    .replace("[reference]", random.chance(0.8) ? reference : UNKNOWN_REFERENCE)
    .replace("[...rest]", random.pick(["missing", "a/b/c", "robots.txt"]))
    .replace("/[locale]", random.pick(["", "", "/en", "/fr"]));
  return filled === "" ? "/" : filled;
}

const QUERIES = [
  "",
  "",
  "?currency=NGN",
  "?amount=500&phone=70123456",
  "?cursor=9&type=transfer&text=a",
  "?done=put&saved=profile",
  "?next=/wallet&error=x",
  "?status=failed&currency=XOF",
];

/** Every page of the build, in both languages, as a document and as the client router fetches it. */
export function pageEndpoints(world: World): Endpoint[] {
  return world.pages.map((page) => ({
    name: `page ${page}`,
    kind: "page",
    async draft(random) {
      const attacker = world.attacker(random);
      const isEvents = page.includes("/events/");
      const address = await addressOfPage(page, world, attacker, random);
      const target = address + (isEvents ? "?since=in_progress" : random.pick(QUERIES));
      const headers: Draft["headers"] = [["Accept-Language", random.pick(["fr", "en-GB,en;q=0.8", "ha"])]];
      if (random.chance(0.85)) headers.push(["Cookie", attacker.cookie]);
      if (random.chance(0.25)) {
        headers.push(["RSC", "1"]);
        if (random.chance(0.5)) headers.push(["Next-Router-Prefetch", "1"]);
      }
      return plainDraft({ endpoint: `page ${page}`, kind: "page", method: "GET", target, headers });
    },
  }));
}
