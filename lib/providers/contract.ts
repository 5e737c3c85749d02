import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { money } from "@/lib/money/money";
import {
  type CollectionRequest,
  isConclusiveNo,
  type PayoutRequest,
  type Provider,
  ProviderError,
  type ProviderErrorKind,
} from "./provider";
import { type Script, type ScriptedServer, startScriptedServer } from "./scripted-server";

/** What the suite needs to know of a vendor: how to speak to a scripted server, and what that one would say. */
export interface ContractSubject {
  name: string;
  /** Calls give up after `callTimeoutMs`. */
  createAdapter(server: { url: string; callTimeoutMs: number }): Provider;
  collectionAccepted(server: { url: string }): Script;
  collectionOnForeignHost: Script;
  payoutAccepted: Script;
  /** A call that goes before each payout and moves nothing itself, such as making its recipient known. */
  payoutPreparation?: { path: string; accepted: Script };
  /** What is asked for, where it isn't {@link collectionRequest} and {@link payoutRequest}. */
  collectionRequest?: CollectionRequest;
  payoutRequest?: PayoutRequest;
  declined: Script;
  invalidDestination: Script;
  duplicate: Script;
  /** A callback as the vendor signs it for the adapter that {@link createAdapter} makes. */
  genuineWebhook(): { rawBody: Uint8Array; headers: Headers };
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

  it("it can be asked exactly when it says so", () => {
    const { capabilities, getCollection, getPayout } = adapter();
    expect(getCollection !== undefined).toBe(capabilities.queriesCollections);
    expect(getPayout !== undefined).toBe(capabilities.queriesPayouts);
  });
}

function itAnswersYes(subject: ContractSubject, adapter: () => Provider, server: () => ScriptedServer): void {
  it("a collection gets the provider's reference and a page on a known host", async () => {
    server().script(subject.collectionAccepted(server()));
    const created = await adapter().createCollection(collectionRequest);
    expect(created.providerReference).not.toBe("");
    expect(adapter().capabilities.paymentHosts).toContain(new URL(created.paymentUrl).host);
    expect(server().requests.map(({ body }) => body.includes(collectionRequest.reference))).toEqual([true]);
  });

  it("a payout gets the provider's reference", async () => {
    server().script(subject.payoutAccepted);
    const created = await adapter().createPayout(payoutRequest);
    expect(created.providerReference).not.toBe("");
    expect(server().requests).toHaveLength(1);
  });

  it("a payment page on a host that isn't the provider's is never handed out", async () => {
    server().script(subject.collectionOnForeignHost);
    await expect(adapter().createCollection(collectionRequest)).rejects.toBeInstanceOf(ProviderError);
  });
}

function itTellsErrorsApart(
  subject: ContractSubject,
  adapter: () => Provider,
  server: () => ScriptedServer,
): void {
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
    server().script(script);
    for (const call of [
      () => adapter().createPayout(payoutRequest),
      () => adapter().createCollection(collectionRequest),
    ]) {
      server().requests.length = 0;
      const error = await errorOf(call());
      expect([error.kind, isConclusiveNo(error)]).toEqual([kind, conclusive]);
      expect(server().requests).toHaveLength(1);
      const told = `${error.message} ${error.stack} ${JSON.stringify(error)}`;
      for (const secret of [...subject.secrets, collectionRequest.phone, payoutRequest.phone]) {
        expect(told).not.toContain(secret);
      }
    }
  });

  it("a yes that is too large to read is no yes", async () => {
    const yes = [subject.payoutAccepted, subject.collectionAccepted(server())].map((script) =>
      typeof script === "object" && typeof script.body === "object" ? script.body : {},
    );
    server().script({ status: 200, body: Object.assign({ padding: " ".repeat(3_000_000) }, ...yes) });
    expect((await errorOf(adapter().createPayout(payoutRequest))).kind).toBe("outcome_unknown");
    expect((await errorOf(adapter().createCollection(collectionRequest))).kind).toBe("outcome_unknown");
  });

  it("nobody listening means that nothing was sent: unavailable", async () => {
    const gone = await startScriptedServer();
    await gone.close();
    const lonely = subject.createAdapter({ url: gone.url, callTimeoutMs: CALL_TIMEOUT_MS });
    expect((await errorOf(lonely.createPayout(payoutRequest))).kind).toBe("unavailable");
    expect((await errorOf(lonely.createCollection(collectionRequest))).kind).toBe("unavailable");
  });
}

function itVerifiesWebhooks(subject: ContractSubject, adapter: () => Provider): void {
  it("a genuine callback is believed, and names itself the same way twice", () => {
    const { rawBody, headers } = subject.genuineWebhook();
    const first = adapter().verifyWebhook(rawBody, headers);
    expect(first?.reference).not.toBeNull();
    expect(first?.kind).not.toBe("unknown");
    expect(adapter().verifyWebhook(rawBody, headers)?.eventKey).toBe(first?.eventKey);
  });

  it("one changed byte anywhere, or a missing or other signature, is refused", () => {
    const { rawBody, headers } = subject.genuineWebhook();
    for (let position = 0; position < rawBody.length; position += 1) {
      const forged = Uint8Array.from(rawBody);
      forged[position] = (forged[position] ?? 0) ^ 1;
      expect(adapter().verifyWebhook(forged, headers)).toBeNull();
    }
    expect(adapter().verifyWebhook(rawBody, new Headers())).toBeNull();
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
      if (value !== genuine) expect(adapter().verifyWebhook(rawBody, other)).toBeNull();
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

    itDeclaresItself(adapter);
    itAnswersYes(subject, adapter, server);
    itTellsErrorsApart(subject, adapter, server);
    itVerifiesWebhooks(subject, adapter);
  });
}
