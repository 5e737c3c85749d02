import { toJsonSchema } from "@/lib/api/docs/json-schema";
import { FILES, HANDLERS, OTHERS } from "../access/api-rules";
import { pathOfPage } from "../access/find-endpoints";
import { ACTIONS, PAGES } from "../access/page-rules";
import type { Random } from "../random";
import type { BuiltAction } from "../read-build";
import { type Fields, fieldsOfAction } from "../requests/action-request";
import { NONEXISTENT } from "../requests/person";
import { apiEndpoints, webhookEndpoints } from "./api-endpoints";
import { type Draft, type EndpointKind, plainDraft } from "./draft";
import { type Endpoint, putValues } from "./endpoint";
import { arbitraryOf, draw } from "./schema-arbitrary";
import type { Attacker, World } from "./world";

/** Every endpoint of the deployment. */
export function allEndpoints(world: World): Endpoint[] {
  return [
    ...apiEndpoints(world),
    ...webhookEndpoints(world),
    ...pageEndpoints(world),
    ...actionEndpoints(world),
    ...otherEndpoints(world),
  ];
}

const QUERIES = [
  "",
  "?currency=NGN",
  "?amount=500&phone=70123456",
  "?cursor=9&type=transfer&text=a",
  "?done=put&saved=profile",
  "?next=/wallet&error=x",
  "?status=failed&currency=XOF",
];

/** Every page of the build, in both languages, as a document and as the client router fetches it. */
function pageEndpoints(world: World): Endpoint[] {
  const routes = Object.keys(PAGES).filter((route) => route.startsWith("/[locale]"));
  return routes.map((route) => ({
    name: `page ${route}`,
    kind: "page",
    speed: "slow",
    async draft(random) {
      const attacker = world.attacker(random);
      const path = await addressOfPage(world, attacker, { route, random });
      const target = path.includes("?") ? path : path + random.pick(QUERIES);
      const headers: Draft["headers"] = { "accept-language": random.pick(["fr", "en-GB,en;q=0.8", "ha"]) };
      if (random.chance(0.85)) headers.cookie = attacker.cookie;
      if (random.chance(0.25)) headers.rsc = "1";
      if (headers.rsc && random.chance(0.5)) headers["next-router-prefetch"] = "1";
      return plainDraft({ endpoint: `page ${route}`, kind: "page", target, headers });
    },
  }));
}

/** A page's path, mostly for the attacker's own objects. */
async function addressOfPage(
  world: World,
  attacker: Attacker,
  { route, random }: { route: string; random: Random },
): Promise<string> {
  const context = world.context(attacker, random);
  const ids = random.chance(0.2) ? NONEXISTENT : context.ids;
  return await pathOfPage(route, { ...context, ids }, { prefix: random.pick(["", "", "/en", "/fr"]) });
}

const SESSION_ENDING = new Set(["signOut", "signOutElsewhere", "revokeSession"]);
const HASHING = new Set(["signIn", "signUp", "savePin", "confirmTransfer", "confirmWithdrawal"]);

/** Every server action of the build, called as a browser without JavaScript does and as React does. */
function actionEndpoints(world: World): Endpoint[] {
  return world.build.actions.map((action) => {
    const exported = action.name.split("#").at(-1) ?? "";
    const form = ACTIONS[action.name]?.form;
    const typed = form && arbitraryOf(toJsonSchema(form, "input"));
    return {
      name: `action ${exported}`,
      kind: "action",
      speed: HASHING.has(exported) ? "slowest" : "slow",
      draft: (random) => {
        const drawn = typed ? (draw(typed, random) as Record<string, unknown>) : {};
        return actionDraft(world, random, { action, exported, drawn });
      },
    };
  });
}

async function actionDraft(
  world: World,
  random: Random,
  { action, exported, drawn }: { action: BuiltAction; exported: string; drawn: Record<string, unknown> },
): Promise<Draft> {
  const endsSession = SESSION_ENDING.has(exported);
  const attacker = endsSession ? world.signOutUser : world.attacker(random);
  const cookie = endsSession ? await attacker.person.cookie() : attacker.cookie;
  await putValues(drawn, ACTIONS[action.name]?.fields ?? {}, {
    context: world.context(attacker, random),
    random,
  });
  const typed: Fields = Object.entries(drawn).map(([name, value]) => [name, String(value ?? "")]);
  const way = random.chance(0.4) ? "script" : "form";
  const script = { "next-action": action.id, accept: "text/x-component" };
  return plainDraft({
    endpoint: `action ${exported} by ${way}`,
    kind: "action",
    method: "POST",
    target: await addressOfPage(world, attacker, { route: random.pick(action.pages), random }),
    headers: { origin: world.deployment.url, cookie, ...(way === "script" ? script : {}) },
    content: { kind: "form", fields: fieldsOfAction(action, typed, way) },
  });
}

const SIGN_IN_FORM: Fields = [
  ["csrfToken", "x".repeat(64)],
  ["email", "a@example.test"],
  ["password", "x"],
  ["callbackUrl", "/wallet"],
];

/** next-auth's own paths, files, and paths that don't exist: one endpoint for each group. */
function otherEndpoints(world: World): Endpoint[] {
  const { "/api/auth/[...nextauth]": auth = {}, ...handlers } = HANDLERS;
  const paths = { ...Object.assign({}, ...Object.values(handlers)), ...OTHERS };
  const files = [...Object.keys(FILES), "GET /icon.svg", `GET ${world.build.chunks.at(-1) ?? "/"}`];
  const groups: [name: string, kind: EndpointKind, requests: readonly string[]][] = [
    ["next-auth", "auth", Object.keys(auth)],
    ["files", "file", files],
    ["other paths", "missing", Object.keys(paths)],
  ];
  return groups.map(([name, kind, requests]) => ({
    name,
    kind,
    speed: "slow",
    draft: async (random) => {
      const [method = "GET", target = "/"] = random.pick(requests).replace("{build}", "x").split(" ");
      const content: Draft["content"] =
        method === "POST" ? { kind: "form", fields: [...SIGN_IN_FORM] } : { kind: "none" };
      const headers: Draft["headers"] = random.chance(0.5) ? { cookie: world.attacker(random).cookie } : {};
      return plainDraft({ endpoint: name, kind, method, target, headers, content });
    },
  }));
}
