import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type CollectionRequest,
  isConclusiveRefusal,
  type PayoutRequest,
  type Provider,
  ProviderError,
  type ProviderErrorKind,
} from "@/lib/providers/provider";
import { type ContractSubject, collectionRequest, payoutRequest } from "./contract-subject";
import {
  type RecordedRequest,
  type Script,
  type ScriptedServer,
  startScriptedServer,
} from "./scripted-http-server";
import { itVerifiesWebhooks } from "./webhook-contract";

const CALL_TIMEOUT_MS = 300;

interface ContractRun {
  subject: ContractSubject;
  adapter: () => Provider;
  server: () => ScriptedServer;
}

/** Responds with `script` to everything except the preparation of a payout, which is accepted. */
function respondWith({ subject, server }: ContractRun, script: Script): void {
  const preparation = subject.payoutPreparation;
  server().script(({ path }) => (path === preparation?.path ? preparation.accepted : script));
}

/** The requests received, without preparations. */
function sentRequests({ subject, server }: ContractRun): RecordedRequest[] {
  return server().requests.filter(({ path }) => path !== subject.payoutPreparation?.path);
}

function requestsOf({ subject }: ContractRun): { collection: CollectionRequest; payout: PayoutRequest } {
  return {
    collection: subject.collectionRequest ?? collectionRequest,
    payout: subject.payoutRequest ?? payoutRequest,
  };
}

/** The ProviderError that `call` throws; fails the test when it throws none or another error. */
async function errorOf(call: Promise<unknown>): Promise<ProviderError> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof ProviderError)) throw new Error(`not a ProviderError: ${String(outcome)}`);
  return outcome;
}

function itDeclaresItself(adapter: () => Provider): void {
  it("its table of methods is consistent", () => {
    const { methods, paymentHosts } = adapter().capabilities;
    const keys = methods.map((row) => `${row.country} ${row.method} ${row.direction} ${row.currency}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(methods.length).toBeGreaterThan(0);
    expect(paymentHosts.length).toBeGreaterThan(0);
    for (const row of methods) {
      expect(row.stepMinor).toBeGreaterThan(0n);
      expect(row.minMinor).toBeGreaterThan(0n);
      expect(row.maxMinor).toBeGreaterThanOrEqual(row.minMinor);
    }
  });

  it("it has a query exactly when its capabilities say so", () => {
    const { capabilities, getCollection, getPayout, listTransactions } = adapter();
    expect(getCollection !== undefined).toBe(capabilities.queriesCollections);
    expect(getPayout !== undefined).toBe(capabilities.queriesPayouts);
    expect(listTransactions !== undefined).toBe(capabilities.listsTransactions);
  });
}

function itAccepts(run: ContractRun): void {
  const { subject, adapter, server } = run;
  const { collection, payout } = requestsOf(run);

  it("a collection gets the provider's reference and a page on a known host", async () => {
    respondWith(run, subject.collectionAccepted(server()));
    const created = await adapter().createCollection(collection);
    expect(created.providerReference).not.toBe("");
    expect(adapter().capabilities.paymentHosts).toContain(new URL(created.paymentUrl).host);
    expect(server().requests.map(({ body }) => body.includes(collection.reference))).toEqual([true]);
  });

  it("a payout gets the provider's reference", async () => {
    respondWith(run, subject.payoutAccepted);
    const created = await adapter().createPayout(payout);
    expect(created.providerReference).not.toBe("");
    expect(sentRequests(run)).toHaveLength(1);
  });

  it("a payment page on a host that isn't the provider's is refused", async () => {
    respondWith(run, subject.collectionOnForeignHost);
    await expect(adapter().createCollection(collection)).rejects.toBeInstanceOf(ProviderError);
  });
}

function itTellsErrorsApart(run: ContractRun): void {
  const { subject, adapter, server } = run;
  const { collection, payout } = requestsOf(run);
  const cases: [string, Script, ProviderErrorKind, boolean][] = [
    ["a clear refusal", subject.declined, "declined", true],
    ["a wrong recipient", subject.invalidDestination, "invalid_destination", true],
    ["a reference used before", subject.duplicate, "duplicate", false],
    ["429", { status: 429 }, "rate_limited", false],
    ["500", { status: 500, body: "oops" }, "outcome_unknown", false],
    ["502 with a page", { status: 502, body: "<html>" }, "outcome_unknown", false],
    ["503", { status: 503 }, "outcome_unknown", false],
    ["504", { status: 504 }, "outcome_unknown", false],
    ["a success that isn't JSON", { status: 200, body: "<html>" }, "outcome_unknown", false],
    ["a success without an id", { status: 201, body: {} }, "outcome_unknown", false],
    ["a success that is null", { status: 201, body: "null" }, "outcome_unknown", false],
    ["a redirect", { status: 302, headers: { location: "/elsewhere" } }, "outcome_unknown", false],
    ["no response", "hang", "outcome_unknown", false],
    ["a connection that is cut", "reset", "outcome_unknown", false],
    ["half a response", "half_response", "outcome_unknown", false],
  ];

  it.each(cases)("%s: one request, and the right kind of error", async (_, script, kind, conclusive) => {
    respondWith(run, script);
    for (const call of [() => adapter().createPayout(payout), () => adapter().createCollection(collection)]) {
      server().requests.length = 0;
      const error = await errorOf(call());
      expect([error.kind, isConclusiveRefusal(error)]).toEqual([kind, conclusive]);
      expect(sentRequests(run)).toHaveLength(1);
      expectNoSecretIn(error, run);
    }
  });

  it("a success that is too large to read is an unknown outcome", async () => {
    const success = [subject.payoutAccepted, subject.collectionAccepted(server())].map((script) =>
      typeof script === "object" && typeof script.body === "object" ? script.body : {},
    );
    respondWith(run, { status: 200, body: Object.assign({ padding: " ".repeat(3_000_000) }, ...success) });
    expect((await errorOf(adapter().createPayout(payout))).kind).toBe("outcome_unknown");
    expect((await errorOf(adapter().createCollection(collection))).kind).toBe("outcome_unknown");
  });

  it("a refused connection means that nothing was sent: unavailable", async () => {
    const closed = await startScriptedServer();
    await closed.close();
    const adapterOfClosedServer = subject.createAdapter({ url: closed.url, callTimeoutMs: CALL_TIMEOUT_MS });
    expect((await errorOf(adapterOfClosedServer.createPayout(payout))).kind).toBe("unavailable");
    expect((await errorOf(adapterOfClosedServer.createCollection(collection))).kind).toBe("unavailable");
  });
}

function expectNoSecretIn(error: ProviderError, run: ContractRun): void {
  const { collection, payout } = requestsOf(run);
  const text = `${error.message} ${error.stack} ${JSON.stringify(error)}`;
  const people = [collection.phone, collection.email, payout.phone, payout.bank?.accountNumber];
  for (const secret of [...run.subject.secrets, ...people]) {
    if (secret) expect(text).not.toContain(secret);
  }
}

function itIsQueried(run: ContractRun): void {
  const cases: [string, Script][] = [
    ["500", { status: 500, body: "oops" }],
    ["401", { status: 401, body: {} }],
    ["a success that isn't JSON", { status: 200, body: "<html>" }],
    ["a success without a state", { status: 200, body: {} }],
    ["no response", "hang"],
    ["half a response", "half_response"],
  ];

  it.for(cases)("a query that gets %s is an error and never a state", async ([, script], { skip }) => {
    respondWith(run, script);
    const { getCollection, getPayout, listTransactions } = run.adapter();
    if (!getCollection && !getPayout && !listTransactions) skip("it can't be queried");
    const { collection, payout } = requestsOf(run);
    const calls = [
      getCollection?.(collection.reference, null),
      getPayout?.(payout.reference, null),
      listTransactions?.(new Date(0), new Date()),
    ];
    for (const call of calls) {
      if (call) expectNoSecretIn(await errorOf(call), run);
    }
  });
}

/** Registers the suite that every adapter passes. Call it at the top level of a test file. */
export function describeProviderContract(subject: ContractSubject): void {
  describe(`${subject.name} keeps the contract of a provider`, () => {
    let running: { server: ScriptedServer; adapter: Provider };
    const adapter = () => running.adapter;
    const server = () => running.server;

    beforeAll(async () => {
      const started = await startScriptedServer();
      running = {
        server: started,
        adapter: subject.createAdapter({ url: started.url, callTimeoutMs: CALL_TIMEOUT_MS }),
      };
    });
    beforeEach(() => {
      server().requests.length = 0;
    });
    afterAll(() => server().close());

    const run = { subject, adapter, server };
    itDeclaresItself(adapter);
    itAccepts(run);
    itTellsErrorsApart(run);
    itIsQueried(run);
    itVerifiesWebhooks(subject, adapter);
  });
}
