import type { Access, ApiCall, CallLink } from "../define-call";
import type { Operation, Parameter, ResponseObject } from "./document-shape";
import { errorAnswers, errorCodesOf } from "./error-answers";
import { exampleOf, type JsonSchema, propertiesOf, toJsonSchema } from "./json-schema";

/** The names under `components.securitySchemes`. */
export const ACCESS_TOKEN = "accessToken";
export const API_KEY = "apiKey";

const IDEMPOTENCY_KEY: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "Makes a retry safe: the same key with the same body is answered with what the first request did, and nothing is done twice. The same key with another body is refused.",
  schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,255}$" },
};

const REPLAYED_HEADER = {
  description: "`true` when this is the answer to an earlier request with the same key.",
  schema: { type: "string", enum: ["true"] },
};

/** A call of the JSON API as an operation of the document, and the schemas that it names. */
export function callOperation(call: ApiCall): { operation: Operation; schemas: Record<string, JsonSchema> } {
  const operationId = operationIdOf(call);
  const name = operationId.charAt(0).toUpperCase() + operationId.slice(1);
  const schemas: Record<string, JsonSchema> = {};
  if (call.body) schemas[`${name}Request`] = toJsonSchema(call.body, "input");
  if (call.answer.schema) schemas[`${name}Answer`] = toJsonSchema(call.answer.schema, "output");
  const permission = typeof call.access === "object" ? call.access.permission : undefined;
  const description = [call.description, accessSentence(call.access)].filter(Boolean).join("\n\n");
  const parameters = parametersOf(call);
  const operation: Operation = {
    operationId,
    tags: [call.tag],
    summary: call.summary,
    description,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(call.body ? { requestBody: bodyOf(call, `${name}Request`) } : {}),
    responses: {
      [call.answer.status]: answerOf(call, `${name}Answer`),
      ...errorAnswers(errorCodesOf(call), permission),
    },
    security: securityOf(call.access),
    ...(permission === undefined ? {} : { "x-permission": permission }),
  };
  return { operation, schemas };
}

/** `getWalletDepositByReferenceStatus`: made of what the contract fixes, so that generated clients keep their names. */
export function operationIdOf({ method, path }: { method: string; path: string }): string {
  const words = path
    .replace(/^\/api\//, "/")
    .split(/[/._-]/)
    .filter((word) => word !== "")
    .map((word) => word.replace(/^\{(.*)\}$/, "by-$1"))
    .flatMap((word) => word.split(/[-_]/))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return method.toLowerCase() + words.join("");
}

/** Who may call, as a sentence. */
function accessSentence(access: Access): string {
  if (access === "anyone") return "Needs no credential.";
  if (access === "person") return "Needs a person's access token; API keys are refused.";
  return `Needs an access token, or an API key with the \`${access.permission}\` permission.`;
}

function securityOf(access: Access): Record<string, string[]>[] {
  if (access === "anyone") return [];
  return access === "person" ? [{ [ACCESS_TOKEN]: [] }] : [{ [ACCESS_TOKEN]: [] }, { [API_KEY]: [] }];
}

function parametersOf(call: ApiCall): Parameter[] {
  const typed = new Map(
    (call.params ? propertiesOf(call.params, "input") : []).map(({ name, schema }) => [name, schema]),
  );
  const inPath = [...call.path.matchAll(/\{([^}]+)\}/g)].map(([, name = ""]): Parameter => {
    return parameter(name, "path", true, typed.get(name) ?? { type: "string" });
  });
  const inQuery = (call.query ? propertiesOf(call.query, "input") : []).map(({ name, schema, required }) =>
    parameter(name, "query", required, schema),
  );
  return [...inPath, ...inQuery, ...(call.idempotent ? [IDEMPOTENCY_KEY] : [])];
}

function parameter(name: string, where: "path" | "query", required: boolean, whole: JsonSchema): Parameter {
  const { description, ...schema } = whole;
  return {
    name,
    in: where,
    required,
    ...(typeof description === "string" ? { description } : {}),
    schema,
  };
}

function bodyOf(call: ApiCall, name: string): NonNullable<Operation["requestBody"]> {
  const schema = { $ref: `#/components/schemas/${name}` };
  const example = call.bodyExample;
  const content = { "application/json": { schema, ...(example === undefined ? {} : { example }) } };
  return { required: !call.bodyOptional, content };
}

function answerOf({ answer, idempotent }: ApiCall, schema: string): ResponseObject {
  return {
    description: answer.description,
    ...(idempotent ? { headers: { "Idempotency-Replayed": REPLAYED_HEADER } } : {}),
    ...(answer.schema
      ? {
          content: {
            "application/json": {
              schema: { $ref: `#/components/schemas/${schema}` },
              example: exampleOf(toJsonSchema(answer.schema, "output")),
            },
            ...Object.fromEntries(
              (answer.fileTypes ?? []).map((type) => [type, { schema: { type: "string" } }]),
            ),
          },
        }
      : {}),
    ...(answer.links ? { links: linksOf(answer.links) } : {}),
  };
}

function linksOf(links: Record<string, CallLink>): NonNullable<ResponseObject["links"]> {
  const described = Object.entries(links).map(([name, link]) => {
    const fields = Object.entries(link.parameters);
    const parameters = Object.fromEntries(fields.map(([to, from]) => [to, `$response.body#/${from}`]));
    return [name, { operationId: operationIdOf(link), parameters }];
  });
  return Object.fromEntries(described);
}
