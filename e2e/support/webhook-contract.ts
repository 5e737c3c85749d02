import { expect, it } from "vitest";
import type { Provider } from "@/lib/providers/provider";
import { type ContractSubject, collectionRequest } from "./contract-subject";

const CALLED_AT = new URL(collectionRequest.callbackUrl);

/** The part of a provider's contract about webhooks. */
export function itVerifiesWebhooks(subject: ContractSubject, adapter: () => Provider): void {
  it("a genuine callback is accepted, with the same event key twice", () => {
    const { rawBody, headers, calledAt = CALLED_AT } = subject.genuineWebhook();
    const first = adapter().verifyWebhook(rawBody, headers, calledAt);
    expect(first?.reference).not.toBeNull();
    expect(first?.kind).not.toBe("unknown");
    expect(adapter().verifyWebhook(rawBody, headers, calledAt)?.eventKey).toBe(first?.eventKey);
  });

  it("a callback with one changed byte, or with a missing or other signature, is refused", ({ skip }) => {
    if (!adapter().capabilities.signedWebhooks) skip("it doesn't sign");
    const { rawBody, headers } = subject.genuineWebhook();
    for (let position = 0; position < rawBody.length; position += 1) {
      const forged = Uint8Array.from(rawBody);
      forged[position] = (forged[position] ?? 0) ^ 1;
      expect(adapter().verifyWebhook(forged, headers, CALLED_AT)).toBeNull();
    }
    expect(adapter().verifyWebhook(rawBody, new Headers(), CALLED_AT)).toBeNull();
    const genuine = headers.get(subject.signatureHeader) ?? "";
    for (const value of ["", genuine.slice(1), `${genuine}00`, `${genuine}, ${genuine}`, "é"]) {
      const other = new Headers(headers);
      other.set(subject.signatureHeader, value);
      if (value !== genuine) expect(adapter().verifyWebhook(rawBody, other, CALLED_AT)).toBeNull();
    }
  });

  it("an unsigned callback is accepted only at the address that we gave out", ({ skip }) => {
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
