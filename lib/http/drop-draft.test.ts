import { expect, it } from "vitest";
import { dropDraftOfOthers } from "./drop-draft";
import { draftCookie, ownerTag } from "./form-draft";
import { withResponse } from "./response-status";

/** The cookies that a sign-in of user 7 sets in a browser whose draft has this owner. */
function cookiesAfterSignIn(owner: string): string[] {
  const draft = draftCookie({
    form: "start-topup",
    path: "/wallet/topup",
    owner,
    reason: "session",
    values: { amount: "5 000" },
  });
  const headers = new Headers({ cookie: `theme=dark; ${draft?.split(";")[0]}; x=y` });
  const sent: string[] = [];
  const answer = { statusCode: 200, addHeader: (_name: string, value: string) => void sent.push(value) };
  withResponse(answer, () => dropDraftOfOthers(headers, 7n));
  return sent;
}

it("a sign-in keeps what the same person typed, and drops what somebody else did", () => {
  expect(cookiesAfterSignIn(ownerTag(7n))).toEqual([]);
  for (const owner of [ownerTag(8n), ownerTag(null), "x"]) {
    expect(cookiesAfterSignIn(owner)).toEqual([expect.stringContaining("cauris.draft=; Path=/; Max-Age=0")]);
  }
});
