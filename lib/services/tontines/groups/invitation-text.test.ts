import { describe, expect, it } from "vitest";
import { SMS_SEPTETS_MAX, septetsOf } from "@/lib/gsm-text";
import { invitationText } from "./invitation-text";

const url = `https://tontine.exemple-cauris.bf/join/${"A".repeat(22)}`;

describe.each(["fr", "en"] as const)("the SMS of an invitation in %s", (locale) => {
  it.each([
    ["Awa T.", "Tontine des Sœurs"],
    ["W".repeat(80), "W".repeat(60)],
    ["N’Goran Aïssata Ŵ.", "عائشة 🎉"],
  ])("fits one segment for %s and %s, with its whole link", (by, group) => {
    const text = invitationText({ by, group, url }, locale);
    expect(septetsOf(text), text).toBeLessThanOrEqual(SMS_SEPTETS_MAX);
    expect(text).toContain(url);
    expect(text).not.toMatch(/\d FCFA|\.\./);
  });
});

it("says who invites to what", () => {
  const text = invitationText({ by: "Awa T.", group: "Rood-Woko", url: "https://c.bf/join/x" }, "fr");
  expect(text).toBe(
    "Cauris : Awa T vous invite dans la tontine Rood-Woko. Lisez et signez ici : https://c.bf/join/x",
  );
});
