import http from "node:http";
import { Readable } from "node:stream";
import { encode } from "next-auth/jwt";
import { afterEach, describe, expect, test, vi } from "vitest";
import { serve, stopServer } from "@/e2e/support/app-server";
import { onRequestError } from "@/instrumentation";
import { sessionIdInHeader } from "@/lib/auth/session-cookie";
import { openDraft } from "@/lib/http/form-draft";
import { addResponseHeader, markActionReached } from "@/lib/http/response-status";
import type { AppServerOptions } from "./app-server";

afterEach(stopServer);

const FORM = { method: "POST", headers: { "content-type": "multipart/form-data; boundary=x" } };

describe("a form that Next has no answer for", () => {
  const unknownAction: AppServerOptions["handle"] = async (_request, response) => {
    response.statusCode = 409;
    response.setHeader("x-nextjs-action-not-found", "1");
    response.setHeader("content-length", "26");
    response.end("Server Action unavailable.");
  };
  const typed = (fields: Record<string, string>) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    return body;
  };
  const TOP_UP = {
    $ACTION_REF_1: "",
    form_name: "start-topup",
    form_owner: "somebody",
    amount: "5 000",
    pin: "2468",
    key: "k",
  };
  const draftIn = (answer: Response) => {
    const cookie = answer.headers.getSetCookie().find((each) => each.startsWith("cauris.draft="));
    return openDraft(/=([^;]*)/.exec(cookie ?? "")?.[1]);
  };

  test("of another build leads to its page, where what was typed comes again, but no PIN", async () => {
    const url = await serve({ handle: unknownAction });
    const answer = await fetch(`${url}/en/wallet/topup?currency=NGN`, {
      method: "POST",
      body: typed(TOP_UP),
      redirect: "manual",
    });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/en/wallet/topup?currency=NGN"]);
    expect(draftIn(answer)).toEqual({
      form: "start-topup",
      path: "/wallet/topup?currency=NGN",
      owner: "somebody",
      reason: "version",
      values: { amount: "5 000", key: "k" },
    });
    expect(await answer.text()).toBe("");
  });

  test("of another build, sent by a script, gives the script Next's answer with the draft", async () => {
    const url = await serve({ handle: unknownAction });
    const fields = Object.entries(TOP_UP).map(([name, value]) => [`_1_${name}`, value]);
    const body = typed({ ...Object.fromEntries(fields), 0: '[null,"$K1"]' });
    const answer = await fetch(`${url}/wallet/topup`, {
      method: "POST",
      body,
      headers: { "next-action": "x" },
    });
    expect([answer.status, answer.headers.get("x-nextjs-action-not-found")]).toEqual([409, "1"]);
    expect(draftIn(answer)?.values).toMatchObject({ amount: "5 000" });
  });

  test("and that none of our pages has gets a page with a way on", async () => {
    const url = await serve({ handle: unknownAction });
    const answer = await fetch(`${url}/wallet/topup`, { method: "POST", body: typed({ amount: "1" }) });
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('href="/wallet/topup"');
  });

  test.each([
    ["en", "nothing was done"],
    ["fr", "rien n’a été fait"],
  ])("and can't be decoded gets a page in its language (%s)", async (language, words) => {
    const url = await serve({
      handle: async (_request, response) => {
        onRequestError(new Error("Unexpected end of form"));
        response.statusCode = 500;
        response.end("Internal Server Error");
      },
    });
    const path = language === "en" ? "/en/wallet/topup" : "/wallet/topup";
    const answer = await fetch(url + path, { ...FORM, body: "--x" });
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(text).toContain(words);
    expect(text).toContain(`href="${path}"`);
  });

  test("and whose page redirects is a visit of that page, not a second post", async () => {
    const redirecting =
      (isReached: boolean): AppServerOptions["handle"] =>
      async (_request, response) => {
        if (isReached) markActionReached();
        response.statusCode = 307;
        response.setHeader("location", "/sign-in");
        response.end();
      };
    const statusOf = async (isReached: boolean) => {
      const answer = await fetch(await serve({ handle: redirecting(isReached) }), {
        ...FORM,
        redirect: "manual",
      });
      await stopServer();
      return answer.status;
    };
    expect(await statusOf(true)).toBe(303);
    // proxy.ts moves a form to the address of its page.
    expect(await statusOf(false)).toBe(307);
  });
});

test("a header that code of ours adds stands beside Next's own", async () => {
  const url = await serve({
    handle: async (_request, response) => {
      addResponseHeader("set-cookie", "draft=1");
      response.setHeader("set-cookie", ["session=2"]);
      response.end();
    },
  });
  for (const init of [{}, FORM]) {
    expect((await fetch(url, init)).headers.getSetCookie().sort()).toEqual(["draft=1", "session=2"]);
  }
});

describe("what is posted to pages", () => {
  test("is refused above 64 kB, announced or not, with a page, and Next sees nothing of it", async () => {
    const handle = vi.fn();
    const url = await serve({ handle });
    const body = "x".repeat(70_000);
    const announced = await fetch(`${url}/en/sign-in`, { method: "POST", body });
    const chunked = await fetch(`${url}/sign-in`, {
      method: "POST",
      body: new Response(body).body,
      duplex: "half",
    } as RequestInit);
    expect([announced.status, chunked.status]).toEqual([413, 413]);
    expect(await announced.text()).toContain("nothing was done");
    expect(await chunked.text()).toContain("rien n’a été fait");
    expect(handle).not.toHaveBeenCalled();
  });

  test("is counted by address before anything of it is read", async () => {
    const url = await serve({ postsPerMinute: 2, trustedProxies: 1 });
    const post = (address: string, path = "/sign-in") =>
      fetch(url + path, { ...FORM, body: "--x", headers: { "x-forwarded-for": address } });
    expect([(await post("192.0.2.1")).status, (await post("192.0.2.1")).status]).toEqual([200, 200]);
    const refused = await post("192.0.2.1");
    expect([refused.status, Number(refused.headers.get("retry-after"))]).toEqual([429, expect.any(Number)]);
    expect(await refused.text()).toContain("Attendez une minute");
    expect((await post("192.0.2.1", "/api/auth/callback/credentials")).status).toBe(429);
    expect((await post("192.0.2.2")).status).toBe(200);
    expect((await fetch(`${url}/sign-in`, { headers: { "x-forwarded-for": "192.0.2.1" } })).status).toBe(200);
  });

  test("is counted by session where its cookie opens: one phone doesn't lock out those who share its address", async () => {
    const key = { secret: "s".repeat(32), isHttps: false };
    const cookieOf = async (sid: string) =>
      `a=b; cauris.session=${await encode({ token: { sid }, secret: key.secret, salt: "cauris.session" })}`;
    const url = await serve({ postsPerMinute: 2, sessionIn: (cookies) => sessionIdInHeader(cookies, key) });
    const statuses = async (times: number, cookie: string) => {
      const all: number[] = [];
      for (let time = 0; time < times; time += 1) {
        all.push((await fetch(`${url}/sign-in`, { ...FORM, headers: { cookie }, body: "--x" })).status);
      }
      return all;
    };
    const [awa, issa] = [await cookieOf("awa"), await cookieOf("issa")];
    expect(await statuses(30, "")).toEqual([200, 200, ...Array(28).fill(429)]);
    expect(await statuses(30, awa)).toEqual([200, 200, ...Array(28).fill(429)]);
    expect(await statuses(3, issa)).toEqual([200, 200, 429]);
    // A cookie that nobody of ours made counts for the address.
    expect(await statuses(1, "cauris.session=made-up")).toEqual([429]);
    const others = [];
    for (let n = 0; n < 20; n += 1) others.push(...(await statuses(1, await cookieOf(`person ${n}`))));
    expect(others).toEqual([...Array(14).fill(200), ...Array(6).fill(429)]);
  });

  test("is counted by the /56 and the /48 of IPv6 too", async () => {
    const url = await serve({ postsPerMinute: 1, trustedProxies: 1 });
    const post = async (address: string) =>
      (await fetch(`${url}/sign-in`, { ...FORM, body: "--x", headers: { "x-forwarded-for": address } }))
        .status;
    const in48 = ["2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1"];
    expect([await post(in48[0] ?? ""), await post(in48[1] ?? ""), await post(in48[2] ?? "")]).toEqual([
      200, 200, 429,
    ]);
    const in56s = [await post("2001:db8:0:100::1"), await post("2001:db8:0:200::1")];
    expect([...in56s, await post("2001:db8:0:300::1")]).toEqual([200, 200, 429]);
    expect(await post("2001:db8:1:1::1")).toBe(200);
  });

  test("reaches Next with its body, whole", async () => {
    const url = await serve({
      handle: async (request, response) => {
        const read = new Request("http://localhost", {
          method: "POST",
          headers: { "content-type": request.headers["content-type"] ?? "" },
          body: Readable.toWeb(request) as ReadableStream,
          duplex: "half",
        } as RequestInit);
        response.end(String((await read.formData()).get("amount")));
      },
    });
    const body = new FormData();
    body.append("amount", "5000");
    expect(await (await fetch(url, { method: "POST", body })).text()).toBe("5000");
  });
});

describe("a request whose head is too long", () => {
  const get = (url: string, headers: http.OutgoingHttpHeaders = {}) =>
    new Promise<{ status: number | undefined; type: string | undefined; text: string }>((resolve, reject) => {
      http
        .get(url, { headers }, async (answer) => {
          let text = "";
          for await (const chunk of answer) text += chunk;
          resolve({ status: answer.statusCode, type: answer.headers["content-type"], text });
        })
        .on("error", reject);
    });

  test.each([9_000, 20_000, 60_000])("is a 414 for an address of %i bytes", async (length) => {
    const url = await serve({});
    const answer = await get(`${url}/en/wallet?x=${"x".repeat(length)}`);
    expect(answer).toMatchObject({ status: 414, type: "text/html; charset=utf-8" });
    expect(answer.text).toContain("Address too long");
  });

  test.each([17_000, 70_000])("is a 431 for headers of %i bytes", async (length) => {
    const url = await serve({});
    const answer = await get(`${url}/wallet`, { cookie: "x".repeat(length) });
    expect(answer).toMatchObject({ status: 431, type: "text/html; charset=utf-8" });
    expect(answer.text).toContain("Effacez les cookies");
  });

  test("is answered in JSON below the API's addresses", async () => {
    const url = await serve({});
    const long = await get(`${url}/api/wallet/balance?x=${"x".repeat(9_000)}`);
    expect([long.status, JSON.parse(long.text)]).toMatchObject([414, { code: "uri_too_long" }]);
    const wide = await get(`${url}/api/wallet/balance`, { "x-api-key": "x".repeat(17_000) });
    expect([wide.status, JSON.parse(wide.text)]).toMatchObject([431, { code: "headers_too_large" }]);
  });
});
