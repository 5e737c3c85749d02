import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { type Database, trackCommits } from "@/db/client";
import { inTransaction } from "@/db/transaction";
import { DomainError } from "@/lib/errors";
import { ownerTag } from "@/lib/http/form-draft";
import type { Actor, Context } from "@/lib/services/context";
import { type ActionRequest, runAction } from "./run-action";

vi.mock("@/lib/log", () => ({ log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() } }));

const schema = z.object({
  amount: z.string("required").min(1, "required").max(10, "too_long"),
  note: z.string().optional(),
  password: z.string().optional(),
});
const fields = new Set(Object.keys(schema.shape));
const user: Actor = { kind: "user", userId: 1n, sessionId: "s" };

class Redirect extends Error {}

function setUp({
  headers = { origin: "http://localhost:3000" },
  actor = user,
  db = {} as Database,
}: {
  headers?: Record<string, string>;
  actor?: Actor;
  db?: Database;
} = {}) {
  const context = vi.fn(
    async (): Promise<Context> => ({ actor, requestId: "request-1", db, now: new Date() }),
  );
  const memory = { keep: vi.fn(), forget: vi.fn() };
  const request: ActionRequest = {
    headers: new Headers(headers),
    origin: { baseUrl: "http://localhost:3000", isDemo: false },
    requestId: "request-1",
    context,
    translate: { error: (code) => `<${code}>`, field: ({ reason }) => `<${reason}>` },
    isScript: true,
    memory,
    signIn: { path: "/sign-in?next=%2Fwallet", label: "<sign in>" },
    signInAsOther: { path: "/sign-in?next=%2Fwallet&otherAccount=1", label: "<sign in as other>" },
    leaveFor: (path) => {
      throw new Redirect(path);
    },
    rethrow: (error) => {
      if (error instanceof Redirect) throw error;
    },
  };
  const verb = vi.fn(async (_context: Context, input: z.output<typeof schema>) => ({ amount: input.amount }));
  return { request, context, verb, memory };
}

function form(values: Record<string, string> = { amount: "5000" }): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.append(name, value);
  return data;
}

const options = { name: "test", auth: "user", schema, fields } as const;

describe("server actions", () => {
  it("pass the parsed form to the verb and return its answer", async () => {
    const { request, verb } = setUp();
    expect(await runAction(request, options, form(), verb)).toEqual({ ok: true, amount: "5000" });
    expect(verb).toHaveBeenCalledWith(expect.objectContaining({ actor: user }), { amount: "5000" });
  });

  // Found by npm run resilience: requests, seed 1, case 1
  it.each([undefined, null, "x", [], { entries: 1 }])("refuse %j in the form's place", async (sent) => {
    const { request, verb } = setUp();
    const state = await runAction(request, options, sent as unknown as FormData, verb);
    expect(state).toMatchObject({ ok: false, code: "malformed_body" });
    expect(verb).not.toHaveBeenCalled();
  });

  it.each<[string, Record<string, string>]>([
    ["another origin", { origin: "https://evil.example" }],
    ["the null origin", { origin: "null" }],
    ["no origin", {}],
    ["no origin from another site", { "sec-fetch-site": "cross-site" }],
  ])("%s: refused before the session is looked up", async (_name, headers) => {
    const { request, context, verb } = setUp({ headers });
    expect(await runAction(request, options, form(), verb)).toEqual({
      ok: false,
      code: "forbidden_origin",
      message: "<forbidden_origin>",
      issues: [],
      values: {},
      requestId: "request-1",
    });
    expect(context).not.toHaveBeenCalled();
    expect(verb).not.toHaveBeenCalled();
  });

  it("no origin, but the browser says same-origin: runs", async () => {
    const { request, verb } = setUp({ headers: { "sec-fetch-site": "same-origin" } });
    expect(await runAction(request, options, form(), verb)).toMatchObject({ ok: true });
  });

  it("without a session the verb doesn't run and what was typed is kept", async () => {
    const { request, verb } = setUp({ actor: { kind: "anonymous" } });
    expect(await runAction(request, options, form(), verb)).toMatchObject({
      code: "unauthenticated",
      values: { amount: "5000" },
    });
    expect(verb).not.toHaveBeenCalled();
  });

  const pinned = { ...options, schema: schema.extend({ pin: z.string().optional() }) };
  const pinFields = new Set([...fields, "pin"]);

  it("without a session a script's form stays, with a link that leads back to it and what was typed kept", async () => {
    const { request, verb, memory } = setUp({ actor: { kind: "anonymous" } });
    const typed = form({ amount: "5000", pin: "2468", password: "le secret", form_owner: "somebody" });
    const state = await runAction(request, { ...pinned, fields: pinFields }, typed, verb);
    expect(state).toMatchObject({ signIn: { path: "/sign-in?next=%2Fwallet", label: "<sign in>" } });
    expect(memory.keep.mock.calls).toEqual([
      [{ form: "test", owner: "somebody", reason: "session", values: { amount: "5000" } }],
    ]);
  });

  it("without a session a browser's form leads to the sign-in page, once, and what was typed is kept", async () => {
    const { request, verb, memory } = setUp({ actor: { kind: "anonymous" } });
    const going = runAction({ ...request, isScript: false }, options, form(), verb);
    await expect(going).rejects.toThrow("/sign-in?next=%2Fwallet");
    expect(memory.keep).toHaveBeenCalledOnce();
    expect(memory.forget).not.toHaveBeenCalled();
    expect(verb).not.toHaveBeenCalled();
  });

  it("what was typed is kept while the database is away, and forgotten once its form was run", async () => {
    const { request, verb, memory } = setUp();
    const away = async () => {
      throw new DomainError("unavailable");
    };
    await runAction({ ...request, isScript: false }, options, form(), away);
    expect(memory.keep).toHaveBeenCalledWith(expect.objectContaining({ reason: "unavailable" }));
    expect(memory.forget).not.toHaveBeenCalled();
    await runAction(request, options, form(), verb);
    expect(memory.forget).toHaveBeenCalledOnce();
  });

  it.each([{}, { quick_amount: "5000" }])(
    "a form of another account runs nothing, leads to sign-in and stays its owner's (%j)",
    async (more) => {
      const { request, verb, memory } = setUp();
      const typed = () => form({ amount: "5000", note: "loyer", form_owner: ownerTag(2n), ...more });
      const state = await runAction(request, options, typed(), verb);
      expect(state).toMatchObject({
        ok: false,
        code: "unauthenticated",
        values: {},
        signIn: { path: "/sign-in?next=%2Fwallet&otherAccount=1" },
      });
      const going = runAction({ ...request, isScript: false }, options, typed(), verb);
      await expect(going).rejects.toThrow("&otherAccount=1");
      const kept = { owner: ownerTag(2n), reason: "session", values: { amount: "5000", note: "loyer" } };
      expect(memory.keep.mock.calls).toMatchObject([[kept], [kept]]);
      expect(memory.forget).not.toHaveBeenCalled();
      expect(verb).not.toHaveBeenCalled();
    },
  );

  it("a form of the account that is signed in runs, and a public one whoever opened it", async () => {
    const { request, verb } = setUp();
    const own = form({ amount: "5000", form_owner: ownerTag(1n) });
    expect(await runAction(request, options, own, verb)).toMatchObject({ ok: true });
    const others = form({ amount: "5000", form_owner: ownerTag(2n) });
    const state = await runAction(request, { ...options, auth: "public" }, others, verb);
    expect(state).toMatchObject({ ok: true });
  });

  it("a quick amount fills the form in, with everything else that was typed and its key, and runs nothing", async () => {
    const { request, verb } = setUp();
    const keyed = { ...options, fields: new Set([...fields, "key"]) };
    const typed = form({ amount: "7", note: "loyer", key: "k", quick_amount: "5000" });
    const state = await runAction(request, keyed, typed, verb);
    const values = { amount: "5000", note: "loyer", key: "k" };
    expect(state).toMatchObject({ ok: false, code: "filled", values, formKey: "k" });
    expect(verb).not.toHaveBeenCalled();
  });

  it("a public action runs for an anonymous caller", async () => {
    const { request, verb } = setUp({ actor: { kind: "anonymous" } });
    expect(await runAction(request, { ...options, auth: "public" }, form(), verb)).toMatchObject({
      ok: true,
    });
  });

  it("invalid fields are named in the person's language, and what was typed is kept without secrets", async () => {
    const { request, verb } = setUp();
    const typed = form({ amount: "12345678901", note: "loyer", password: "le secret", extra: "x" });
    expect(await runAction(request, options, typed, verb)).toMatchObject({
      code: "validation_failed",
      issues: [{ field: "amount", message: "<too_long>" }],
      values: { amount: "12345678901", note: "loyer" },
    });
    const state = await runAction(request, options, typed, verb);
    expect(JSON.stringify(state)).not.toContain("le secret");
    expect(verb).not.toHaveBeenCalled();
  });

  it("a refusal of the verb is answered with its fields and its retry time", async () => {
    const { request } = setUp();
    const details = { issues: [{ field: "amount", reason: "insufficient_funds" }], retryAfterSeconds: 42 };
    const state = await runAction(request, options, form(), async () => {
      throw new DomainError("insufficient_funds", details);
    });
    expect(state).toEqual({
      ok: false,
      code: "insufficient_funds",
      message: "<insufficient_funds>",
      issues: [{ field: "amount", message: "<insufficient_funds>" }],
      values: { amount: "5000" },
      retryAfterSeconds: 42,
      requestId: "request-1",
    });
  });

  it("an unexpected error is answered as internal, without its message", async () => {
    const { request } = setUp();
    const state = await runAction(request, options, form(), async () => {
      throw new Error("select password_hash from users");
    });
    expect(state).toMatchObject({ ok: false, code: "internal", message: "<internal>" });
    expect(JSON.stringify(state)).not.toContain("password_hash");
  });

  it.each([
    Object.assign(new Error("the connection is gone"), { code: "ECONNREFUSED" }),
    new DomainError("unavailable"),
  ])("after a commit no failure is answered as unavailable", async (error) => {
    const pool = { transaction: (work: (tx: object) => unknown) => work({}) } as unknown as Database;
    const { request } = setUp({ db: trackCommits(pool) });
    const before = await runAction(request, options, form(), async () => {
      throw error;
    });
    expect(before).toMatchObject({ code: "unavailable" });
    const after = await runAction(request, options, form(), async ({ db }) => {
      await inTransaction(db, async () => {});
      throw error;
    });
    expect(after).toMatchObject({ code: "outcome_unknown" });
  });

  it("a redirect passes through", async () => {
    const { request } = setUp();
    const going = runAction(request, options, form(), async () => {
      throw new Redirect("/wallet");
    });
    await expect(going).rejects.toBeInstanceOf(Redirect);
  });

  it.each<[string, string, (data: FormData) => void]>([
    ["a repeated field", "malformed_body", (data) => data.append("amount", "6000")],
    [
      "a repeated unknown field",
      "malformed_body",
      (data) => {
        data.append("x", "1");
        data.append("x", "2");
      },
    ],
    ["a file", "malformed_body", (data) => data.append("note", new File(["x"], "x.txt"))],
    [
      "a hundred fields",
      "malformed_body",
      (data) => {
        for (let n = 0; n < 100; n += 1) data.append(`x${n}`, "1");
      },
    ],
    ["a huge field", "payload_too_large", (data) => data.append("note", "x".repeat(10_001))],
    ["a big field that nobody asked for", "payload_too_large", (data) => data.append("x", "x".repeat(1_001))],
  ])("%s is refused as %s", async (_name, code, corrupt) => {
    const { request, verb } = setUp();
    const data = form();
    corrupt(data);
    expect(await runAction(request, options, data, verb)).toMatchObject({ ok: false, code });
    expect(verb).not.toHaveBeenCalled();
  });

  it("short unknown fields and React's own are left out", async () => {
    const { request, verb } = setUp();
    const data = form({ amount: "5000", submit: "1", $ACTION_REF_1: "", $ACTION_KEY: "k".repeat(2_000) });
    expect(await runAction(request, options, data, verb)).toMatchObject({ ok: true });
    expect(verb).toHaveBeenCalledWith(expect.anything(), { amount: "5000" });
  });
});
