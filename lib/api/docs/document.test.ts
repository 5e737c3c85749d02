import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testDependencies } from "@/e2e/support/api-dependencies";
import { requireDocumented } from "@/e2e/support/require-documented";
import { DomainError } from "@/lib/errors";
import type { CredentialChecks } from "../credential";
import { type ApiCall, defineCall } from "../define-call";
import { mountCall } from "../mount-call";
import { API_CALLS, apiRoutes } from "../route-table";
import { callOperation } from "./call-operation";
import { openApiDocument } from "./document";
import type { Operation, ResponseObject } from "./document-shape";

const noDatabase = () => {
  throw new Error("no database");
};
const document = openApiDocument(API_CALLS, "https://cauris.example");
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** Every value below `root`, with its place. */
function walk(root: unknown, place = "#"): { place: string; key: string; value: unknown }[] {
  if (typeof root !== "object" || root === null) return [];
  return Object.entries(root).flatMap(([key, value]) => [
    { place: `${place}/${key}`, key, value },
    ...walk(value, `${place}/${key}`),
  ]);
}

function resolve(reference: string): unknown {
  return reference
    .slice(2)
    .split("/")
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
}

describe("the document", () => {
  test("has exactly the routes of the table", () => {
    const routes = apiRoutes(testDependencies(noDatabase)).map(({ method, path }) => `${method} ${path}`);
    const documented = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(documented.sort()).toEqual(routes.sort());
  });

  test("has no dangling and no unused reference", () => {
    const references = walk(document).filter(({ key }) => key === "$ref");
    expect(references.length).toBeGreaterThan(API_CALLS.length);
    for (const { place, value } of references)
      expect(resolve(String(value)), `${place}: ${value}`).toBeDefined();
    const named = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(new Set(references.map(({ value }) => value))).toEqual(new Set(named));
  });

  test("declares each parameter of each path once, and no other", () => {
    for (const { path, operation } of operations) {
      const declared = (operation.parameters ?? []).map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(new Set(declared).size, path).toBe(declared.length);
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      expect(inPath.map(({ name }) => name)).toEqual(named);
      for (const { required } of inPath) expect(required, path).toBe(true);
    }
  });

  test("leads on from an answer by links to operations and parameters that exist", () => {
    const links = operations.flatMap(({ operation }) =>
      Object.values(operation.responses).flatMap((response) => Object.values(response.links ?? {})),
    );
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      const next = operations.find(({ operation }) => operation.operationId === link.operationId);
      const names = next?.operation.parameters?.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(Object.keys(link.parameters)));
    }
  });

  test("gives each operation a unique id, and keeps those of the contract", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^(get|post)[A-Za-z0-9]+$/);
    expect(ids).toContain("getWalletBalance");
    expect(ids).toContain("postKeysCreate");
  });

  test("describes each response of each operation, the successful one too", () => {
    for (const { path, operation } of operations) {
      const statuses = Object.keys(operation.responses);
      expect(
        statuses.filter((status) => /^2\d\d$/.test(status)),
        path,
      ).toHaveLength(1);
      for (const response of Object.values(operation.responses)) expect(response.description).not.toBe("");
      expect(operation.summary, path).not.toBe("");
      for (const tag of operation.tags) {
        const { description } = document.tags.find(({ name }) => name === tag) ?? {};
        expect(description, `the tag ${tag}`).toBeTruthy();
      }
    }
  });

  test("names the permission of each operation that accepts keys", () => {
    for (const call of API_CALLS) {
      const { operation } = callOperation(call);
      const schemes = operation.security.flatMap((each) => Object.keys(each));
      if (call.access === "anyone") expect(schemes).toEqual([]);
      else expect(schemes).toContain("accessToken");
      expect(schemes.includes("apiKey")).toBe(typeof call.access === "object");
      if (typeof call.access === "object") {
        expect(operation["x-permission"]).toBe(call.access.permission);
        expect(operation.description).toContain(`\`${call.access.permission}\``);
      }
      for (const scheme of schemes) expect(document.components.securitySchemes).toHaveProperty(scheme);
    }
  });

  test("names BASE_URL as its server", () => {
    expect(document.servers).toEqual([{ url: "https://cauris.example" }]);
  });
});

describe("every call", () => {
  test.each(API_CALLS.map((call) => [`${call.method} ${call.path}`, call] as const))(
    "%s has examples that its own schemas take",
    (_name, call) => {
      const shapes = [call.params, call.query, call.body, call.answer.schema];
      for (const schema of shapes) if (schema) expectExamples(schema);
    },
  );

  test.each(API_CALLS.filter(({ body }) => body).map((call) => [call.path, call] as const))(
    "%s has an example of its body that it would take",
    (_path, { body, bodyExample }) => {
      expect(body?.safeParse(bodyExample)).toMatchObject({ success: true });
    },
  );

  test.each(API_CALLS.filter(({ answer }) => answer.schema).map((call) => [call.path, call] as const))(
    "%s has an example of its answer that it could give",
    (_path, call) => {
      const { status, schema } = call.answer;
      const content = callOperation(call).operation.responses[status]?.content?.["application/json"];
      expect(schema?.safeParse(content?.example)).toMatchObject({ success: true });
    },
  );

  test.each(API_CALLS.filter(({ idempotent }) => idempotent).map((call) => [call.path, call] as const))(
    "%s, which moves money, takes a key and says that an answer is a replay",
    (_path, call) => {
      const { operation } = callOperation(call);
      expect(operation.parameters?.map(({ name }) => name)).toContain("Idempotency-Key");
      expect(operation.responses[call.answer.status]?.headers).toHaveProperty("Idempotency-Replayed");
      expect(call.errors).toContain("idempotency_mismatch");
    },
  );
});

/** Every `example` in a schema is something that this part of the schema takes. */
function expectExamples(schema: z.ZodType): void {
  z.toJSONSchema(schema, {
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (!("example" in jsonSchema)) return;
      const result = z.safeParse(zodSchema, jsonSchema.example);
      expect(result.success, JSON.stringify(jsonSchema)).toBe(true);
    },
  });
}

const sample = defineCall(
  {
    method: "POST",
    path: "/api/sample/{id}",
    tag: "Wallet",
    summary: "A sample",
    access: { permission: "transfer" },
    params: z.object({ id: z.string() }),
    body: z.object({ amount: z.int(), note: z.string().default("") }),
    idempotent: true,
    bodyBytesMax: 100,
    answer: {
      status: 200,
      description: "Done.",
      schema: z.object({ done: z.boolean(), at: z.string().default("") }),
    },
    errors: ["insufficient_funds"],
  },
  async ({ body }) => {
    if (body.amount > 5) throw new DomainError("insufficient_funds");
    if (body.amount === 4) throw new DomainError("vault_locked");
    return { body: { done: true, at: "now", ...(body.amount === 3 ? { secret: 1 } : {}) } };
  },
);

describe("a change", () => {
  const documentOf = (call: ApiCall) => openApiDocument([call], "https://cauris.example");

  test.each<[string, Partial<ApiCall>]>([
    ["a property of its body", { body: z.object({ amount: z.int(), to: z.string() }) }],
    ["a limit of its body", { body: z.object({ amount: z.int().max(5), note: z.string().default("") }) }],
    ["its answer", { answer: { ...sample.answer, schema: z.object({ done: z.literal("yes") }) } }],
    ["a parameter", { query: z.object({ page: z.string().optional() }) }],
    ["its permission", { access: { permission: "read" } }],
    ["its errors", { errors: [] }],
    ["its idempotency", { idempotent: false }],
  ])("of %s changes the document", (_what, change) => {
    expect(documentOf({ ...sample, ...change })).not.toEqual(documentOf(sample));
  });

  test("what has a default may be left out of a request, and is always in an answer", () => {
    const { schemas } = callOperation(sample);
    expect(schemas.PostSampleByIdRequest?.required).toEqual(["amount"]);
    expect(schemas.PostSampleByIdAnswer?.required).toEqual(["done", "at"]);
  });
});

describe("mountCall and defineRoute", () => {
  const permits = (...permissions: ("transfer" | "read")[]): CredentialChecks => ({
    accessToken: () => Promise.reject(new DomainError("unauthenticated")),
    apiKey: async () => ({ actor: { kind: "api_key", userId: 1n, keyId: 1n }, permissions }),
  });
  const { operation } = callOperation(sample);

  async function ask(
    init: RequestInit,
    checks = permits("transfer"),
    path = "/api/sample/1",
  ): Promise<Response> {
    const dependencies = { ...testDependencies(() => ({}) as never, checks) };
    const headers = { "x-api-key": "k", "content-type": "application/json", ...init.headers };
    const request = new Request(`http://localhost:3000${path}`, { method: "POST", ...init, headers });
    return await mountCall(sample, dependencies)(request);
  }

  test.each<[string, () => Promise<Response>]>([
    ["no JSON", () => ask({ body: "{" })],
    ["a wrong field", () => ask({ body: '{"amount":"1"}' })],
    ["a wrong idempotency key", () => ask({ body: '{"amount":1}', headers: { "idempotency-key": "a b" } })],
    ["a form", () => ask({ body: "{}", headers: { "content-type": "application/x-www-form-urlencoded" } })],
    ["too much", () => ask({ body: "x".repeat(200) })],
    ["a key without the permission", () => ask({ body: '{"amount":1}' }, permits("read"))],
    ["no credential", () => ask({ body: '{"amount":1}', headers: { "x-api-key": "", authorization: "x" } })],
    ["an unreadable segment", () => ask({ body: '{"amount":1}' }, permits("transfer"), "/api/sample/%ff")],
    ["what the verb refuses", () => ask({ body: '{"amount":9}' })],
    ["what goes well", () => ask({ body: '{"amount":1}' })],
  ])("answers %s as documented", async (_what, call) => {
    const answer = await call();
    await expect(requireDocumented(sample, answer.clone())).resolves.toBeUndefined();
    const response: ResponseObject | undefined = operation.responses[answer.status];
    const { code } = (await answer.json()) as { code?: string };
    const codes = Object.keys(response?.content?.["application/json"]?.examples ?? {});
    expect(response, String(answer.status)).toBeDefined();
    if (code !== undefined) expect(codes).toContain(code);
  });

  test.each([
    ["an error that isn't listed", 4],
    ["a property that the schema doesn't name", 3],
  ])("is caught with %s", async (_what, amount) => {
    const answer = await ask({ body: JSON.stringify({ amount }) });
    await expect(requireDocumented(sample, answer)).rejects.toThrow("isn't as documented");
  });

  test("with an undocumented status is reported", async () => {
    await expect(
      requireDocumented(sample, Response.json({ done: true, at: "" }, { status: 201 })),
    ).rejects.toThrow("201 instead of 200");
  });
});

test("the operation of one call, as a snapshot", () => {
  const { operation } = callOperation(sample) as { operation: Operation };
  expect(operation).toMatchObject({
    operationId: "postSampleById",
    requestBody: { required: true },
    parameters: [
      { name: "id", in: "path", required: true },
      { name: "Idempotency-Key", in: "header", required: false },
    ],
  });
  expect(Object.keys(operation.responses)).toEqual([
    "200",
    "400",
    "401",
    "403",
    "404",
    "413",
    "414",
    "415",
    "422",
    "429",
    "431",
    "500",
    "503",
    "504",
  ]);
  expect(operation.responses["429"]?.headers).toHaveProperty("Retry-After");
});
