import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { money } from "@/lib/money/money";
import {
  type CollectionRequest,
  isConclusiveNo,
  type PayoutRequest,
  type Provider,
  ProviderError,
  type ProviderErrorKind,
} from "@/lib/providers/provider";
import {
  type RecordedRequest,
  type Script,
  type ScriptedServer,
  startScriptedServer,
} from "./scripted-http-server";

/** What the suite needs of a vendor: an adapter for a scripted server, and the vendor's answers. */
export interface ContractSubject {
  name: string;
  /** Calls give up after `callTimeoutMs`. */
  createAdapter(server: { url: string; callTimeoutMs: number }): Provider;
  collectionAccepted(server: { url: string }): Script;
  collectionOnForeignHost: Script;
  payoutAccepted: Script;
  /** A call that goes before each payout and moves nothing itself, such as making its recipient known. */
  payoutPreparation?: { path: string; accepted: Script };
  /** The requests, where they aren't {@link collectionRequest} and {@link payoutRequest}. */
  collectionRequest?: CollectionRequest;
  payoutRequest?: PayoutRequest;
  declined: Script;
  invalidDestination: Script;
  duplicate: Script;
  /**
   * A callback as the vendor sends it to the adapter that {@link createAdapter} makes: signed in a header, or, where it
   * signs nothing, at the address that we gave out.
   */
  genuineWebhook(): { rawBody: Uint8Array; headers: Headers; calledAt?: URL };
  signatureHeader: string;
  /** Must appear in no error that the adapter throws. */
  secrets: readonly string[];
}

const CALL_TIMEOUT_MS = 300;

export const collectionRequest: CollectionRequest = {
  reference: "TXN-23456789ABCD",
  amount: money(5000n, "XOF"),
  phone: "+22670000001",
  method: "wave",
  userId: "0d7f5f0e-6a52-4d43-9f5e-0f2f3c9f7a11",
  returnUrl: "http://localhost:3000/wallet/topup/TXN-23456789ABCD",
  callbackUrl: "http://localhost:3000/webhook/vendor/",
  locale: "fr",
};

export const payoutRequest: PayoutRequest = {
  reference: "TXN-EFGHJKMNPQRS",
  amount: money(2000n, "XOF"),
  phone: "+22670000002",
  method: "orange_money",
  userId: "0d7f5f0e-6a52-4d43-9f5e-0f2f3c9f7a11",
  callbackUrl: "http://localhost:3000/webhook/vendor/",
};

interface ContractTest {
  subject: ContractSubject;
  adapter: () => Provider;
  server: () => ScriptedServer;
}

/** Makes the server answer `script` to every request but the preparation of a payout, which is accepted. */
function respondWith({ subject, server }: ContractTest, script: Script): void {
  const preparation = subject.payoutPreparation;
  server().script(({ path }) => (path === preparation?.path ? preparation.accepted : script));
}

/** The recorded requests without the preparations of payouts. */
function mainRequests({ subject, server }: ContractTest): RecordedRequest[] {
  return server().requests.filter(({ path }) => path !== subject.payoutPreparation?.path);
}

function requestsOf({ subject }: ContractTest): { collection: CollectionRequest; payout: PayoutRequest } {
  return {
    collection: subject.collectionRequest ?? collectionRequest,
    payout: subject.payoutRequest ?? payoutRequest,
  };
}

/** The error that `call` throws; fails the test when it throws none, or another kind of thing. */
async function errorOf(call: Promise<unknown>): Promise<ProviderError> {
  const outcome = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof ProviderError)) throw new Error(`not a ProviderError: ${String(outcome)}`);
  return outcome;
}

function itDeclaresItself(adapter: () => Provider): void {
  it("its table of methods is sound", () => {
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

  it("it has the query calls that its capabilities declare", () => {
    const { capabilities, getCollection, getPayout, listTransactions } = adapter();
    expect(getCollection !== undefined).toBe(capabilities.queriesCollections);
    expect(getPayout !== undefined).toBe(capabilities.queriesPayouts);
    expect(listTransactions !== undefined).toBe(capabilities.listsTransactions);
  });
}

function itAcceptsRequests(test: ContractTest): void {
  const { subject, adapter, server } = test;
  const { collection, payout } = requestsOf(test);

  it("a collection gets the provider's reference and a page on a known host", async () => {
    respondWith(test, subject.collectionAccepted(server()));
    const created = await adapter().createCollection(collection);
    expect(created.providerReference).not.toBe("");
    expect(adapter().capabilities.paymentHosts).toContain(new URL(created.paymentUrl).host);
    expect(server().requests.map(({ body }) => body.includes(collection.reference))).toEqual([true]);
  });

  it("a payout gets the provider's reference", async () => {
    respondWith(test, subject.payoutAccepted);
    const created = await adapter().createPayout(payout);
    expect(created.providerReference).not.toBe("");
    expect(mainRequests(test)).toHaveLength(1);
  });

  it("a payment page on a host that isn't the provider's is never handed out", async () => {
    respondWith(test, subject.collectionOnForeignHost);
    await expect(adapter().createCollection(collection)).rejects.toBeInstanceOf(ProviderError);
  });
}

function itTellsErrorsApart(test: ContractTest): void {
  const { subject, adapter, server } = test;
  const { collection, payout } = requestsOf(test);
  const cases: [string, Script, ProviderErrorKind, boolean][] = [
    ["a clear no", subject.declined, "declined", true],
    ["a wrong recipient", subject.invalidDestination, "invalid_destination", true],
    ["a reference used before", subject.duplicate, "duplicate", false],
    ["429", { status: 429 }, "rate_limited", false],
    ["500", { status: 500, body: "oops" }, "outcome_unknown", false],
    ["502 with a page", { status: 502, body: "<html>" }, "outcome_unknown", false],
    ["503", { status: 503 }, "outcome_unknown", false],
    ["504", { status: 504 }, "outcome_unknown", false],
    ["a yes that isn't JSON", { status: 200, body: "<html>" }, "outcome_unknown", false],
    ["a yes without an id", { status: 201, body: {} }, "outcome_unknown", false],
    ["a yes that is null", { status: 201, body: "null" }, "outcome_unknown", false],
    ["a redirect", { status: 302, headers: { location: "/elsewhere" } }, "outcome_unknown", false],
    ["silence", "hang", "outcome_unknown", false],
    ["a connection that is cut", "reset", "outcome_unknown", false],
    ["half an answer", "half_answer", "outcome_unknown", false],
  ];

  it.each(cases)("%s: one request, and the right kind of error", async (_, script, kind, conclusive) => {
    respondWith(test, script);
    for (const call of [() => adapter().createPayout(payout), () => adapter().createCollection(collection)]) {
      server().requests.length = 0;
      const error = await errorOf(call());
      expect([error.kind, isConclusiveNo(error)]).toEqual([kind, conclusive]);
      expect(mainRequests(test)).toHaveLength(1);
      expectNoSecretIn(error, test);
    }
  });

  it("a yes that is too large to read is no yes", async () => {
    const yes = [subject.payoutAccepted, subject.collectionAccepted(server())].map((script) =>
      typeof script === "object" && typeof script.body === "object" ? script.body : {},
    );
    respondWith(test, { status: 200, body: Object.assign({ padding: " ".repeat(3_000_000) }, ...yes) });
    expect((await errorOf(adapter().createPayout(payout))).kind).toBe("outcome_unknown");
    expect((await errorOf(adapter().createCollection(collection))).kind).toBe("outcome_unknown");
  });

  it("nobody listening means that nothing was sent: unavailable", async () => {
    const gone = await startScriptedServer();
    await gone.close();
    const lonely = subject.createAdapter({ url: gone.url, callTimeoutMs: CALL_TIMEOUT_MS });
    expect((await errorOf(lonely.createPayout(payout))).kind).toBe("unavailable");
    expect((await errorOf(lonely.createCollection(collection))).kind).toBe("unavailable");
  });
}

function expectNoSecretIn(error: ProviderError, test: ContractTest): void {
  const { collection, payout } = requestsOf(test);
  const told = `${error.message} ${error.stack} ${JSON.stringify(error)}`;
  const people = [collection.phone, collection.email, payout.phone, payout.bank?.accountNumber];
  for (const secret of [...test.subject.secrets, ...people]) {
    if (secret) expect(told).not.toContain(secret);
  }
}

function itAnswersQueries(test: ContractTest): void {
  const cases: [string, Script][] = [
    ["500", { status: 500, body: "oops" }],
    ["401", { status: 401, body: {} }],
    ["a yes that isn't JSON", { status: 200, body: "<html>" }],
    ["a yes without a state", { status: 200, body: {} }],
    ["silence", "hang"],
    ["half an answer", "half_answer"],
  ];

  it.for(cases)(
    "when its state is queried, %s is an error and never a state",
    async ([, script], { skip }) => {
      respondWith(test, script);
      const { getCollection, getPayout, listTransactions } = test.adapter();
      if (!getCollection && !getPayout && !listTransactions) skip("it has no query calls");
      const { collection, payout } = requestsOf(test);
      const calls = [
        getCollection?.(collection.reference, null),
        getPayout?.(payout.reference, null),
        listTransactions?.(new Date(0), new Date()),
      ];
      for (const call of calls) {
        if (call) expectNoSecretIn(await errorOf(call), test);
      }
    },
  );
}

const CALLED_AT = new URL(collectionRequest.callbackUrl);

function itVerifiesWebhooks(subject: ContractSubject, adapter: () => Provider): void {
  it("a genuine callback is believed, and names itself the same way twice", () => {
    const { rawBody, headers, calledAt = CALLED_AT } = subject.genuineWebhook();
    const first = adapter().verifyWebhook(rawBody, headers, calledAt);
    expect(first?.reference).not.toBeNull();
    expect(first?.kind).not.toBe("unknown");
    expect(adapter().verifyWebhook(rawBody, headers, calledAt)?.eventKey).toBe(first?.eventKey);
  });

  it("one changed byte anywhere, or a missing or other signature, is refused", ({ skip }) => {
    if (!adapter().capabilities.signedWebhooks) skip("it signs nothing");
    const { rawBody, headers } = subject.genuineWebhook();
    for (let position = 0; position < rawBody.length; position += 1) {
      const forged = Uint8Array.from(rawBody);
      forged[position] = (forged[position] ?? 0) ^ 1;
      expect(adapter().verifyWebhook(forged, headers, CALLED_AT)).toBeNull();
    }
    expect(adapter().verifyWebhook(rawBody, new Headers(), CALLED_AT)).toBeNull();
    const genuine = headers.get(subject.signatureHeader) ?? "";
    for (const value of [
      "",
      genuine.slice(1),
      `${genuine}00`,
      `${genuine}, ${genuine}`,
      genuine.toUpperCase(),
      "é",
    ]) {
      const other = new Headers(headers);
      other.set(subject.signatureHeader, value);
      if (value !== genuine) expect(adapter().verifyWebhook(rawBody, other, CALLED_AT)).toBeNull();
    }
  });

  it("an unsigned callback is a hint only at the address that we gave out", ({ skip }) => {
    if (adapter().capabilities.signedWebhooks) skip("it is signed");
    const { rawBody, headers, calledAt = CALLED_AT } = subject.genuineWebhook();
    expect(adapter().verifyWebhook(rawBody, headers, CALLED_AT)).toBeNull();
    for (const [name, value] of calledAt.searchParams) {
      for (let position = 0; position < value.length; position += 1) {
        const forged = new URL(calledAt);
        const other = value[position] === "0" ? "1" : "0";
        forged.searchParams.set(name, value.slice(0, position) + other + value.slice(position + 1));
        expect(adapter().verifyWebhook(rawBody, headers, forged)).toBeNull();
      }
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

    const test = { subject, adapter, server };
    itDeclaresItself(adapter);
    itAcceptsRequests(test);
    itTellsErrorsApart(test);
    itAnswersQueries(test);
    itVerifiesWebhooks(subject, adapter);
  });
}
