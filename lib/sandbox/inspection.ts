import { z } from "zod";
import type { Book, BookEntry } from "./book";
import { type Incoming, json, parseJson, type Reply } from "./http";
import { maskDigits } from "./pay-page";
import { isPaystack } from "./paystack-shapes";
import { ALL_SCENARIOS, findScenario } from "./scenarios";
import type { WebhookSender } from "./webhooks";

export interface InspectionOptions {
  book: Book;
  webhooks: WebhookSender;
  scenarios: Map<string, string | null>;
}

const scenarioSchema = z.strictObject({
  reference: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  scenario: z.string().nullable(),
});

/** An entry as `/_book` shows it; `paidAmount` is what really moved. */
function present(entry: BookEntry) {
  const { id, reference, amount, currency, method, scenario, state, timesPaid, paidAmount, paidCurrency } =
    entry;
  const { submissions, createdAt, changedAt } = entry;
  const webhooks = entry.webhooks.map(({ event, dropped, attempts, delivered, lastStatus }) => {
    return { event, dropped, attempts, delivered, lastStatus };
  });
  return {
    provider: isPaystack(entry) ? ("paystack" as const) : ("getmipay" as const),
    ...{ id, reference, amount, currency, method, phone: maskDigits(entry.phone), scenario, state },
    ...{ timesPaid, paidAmount, paidCurrency, submissions, createdAt, changedAt, webhooks },
  };
}

export type BookView = ReturnType<typeof present>;

async function resend(reference: string, options: InspectionOptions): Promise<Reply> {
  const entry = options.book.find("collection", reference) ?? options.book.find("payout", reference);
  const webhook = entry?.webhooks.at(-1);
  if (!entry) return json(404, { code: "unknown_reference" });
  if (!webhook) return json(409, { code: "nothing_to_send" });
  return json(200, { event: webhook.event, status: await options.webhooks.resend(entry, webhook) });
}

function setScenario(incoming: Incoming, options: InspectionOptions): Reply {
  const parsed = scenarioSchema.safeParse(parseJson(incoming));
  if (!parsed.success) return json(400, { code: "invalid_body" });
  const { reference, scenario } = parsed.data;
  if (scenario !== null && !findScenario(scenario)) {
    return json(400, { code: "unknown_scenario", known: ALL_SCENARIOS.map(({ code }) => code) });
  }
  options.scenarios.set(reference, scenario);
  for (const entry of [options.book.find("collection", reference), options.book.find("payout", reference)]) {
    if (!entry) continue;
    entry.scenario = scenario;
    options.book.save(entry);
  }
  return json(200, { reference, scenario });
}

/** The routes by which tests and people inspect the sandbox: `/_book`, `/_resend/<reference>`, `/_scenario`. */
export async function inspect(incoming: Incoming, options: InspectionOptions): Promise<Reply> {
  const { method, url } = incoming;
  // A page on another site can post a form here, but not JSON: the browser would send a preflight first, and get no permission.
  const isJson = (incoming.headers.get("content-type") ?? "").startsWith("application/json");
  if (method === "POST" && !isJson) return json(415, { code: "json_only" });
  if (method === "GET" && url.pathname === "/_health") return json(200, { ok: true });
  if (method === "GET" && url.pathname === "/_book") {
    return json(200, {
      collections: options.book.list("collection").map(present),
      payouts: options.book.list("payout").map(present),
    });
  }
  if (method === "POST" && url.pathname === "/_scenario") return setScenario(incoming, options);
  const reference = /^\/_resend\/([A-Za-z0-9_-]{1,64})$/.exec(url.pathname)?.[1];
  if (method === "POST" && reference) return resend(reference, options);
  return json(404, { code: "not_found" });
}
