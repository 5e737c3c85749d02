import type { ErrorCode } from "@/lib/errors";
import { REPORT_ENDPOINTS, type ReportEndpoint } from "@/lib/services/messages/report-endpoints";
import { WEBHOOK_ENDPOINTS, type WebhookEndpoint } from "@/lib/services/provider-events/webhook-endpoints";
import { operationIdOf } from "./call-operation";
import type { Operation, ResponseObject } from "./document-shape";
import { errorAnswers } from "./error-answers";

/** What the table answers beside the calls, in the document's words: health, webhooks and delivery reports, the documentation. */
export interface PlainOperation {
  method: "GET" | "POST";
  path: string;
  operation: Operation;
}

type Details = Omit<Operation, "operationId" | "security">;

/** Every address refuses a request line and headers that are too long. */
const TOO_LONG: ErrorCode[] = ["uri_too_long", "headers_too_large"];

function plain(method: "GET" | "POST", path: string, details: Details): PlainOperation {
  const responses = { ...details.responses, ...errorAnswers(TOO_LONG) };
  return {
    method,
    path,
    operation: { operationId: operationIdOf({ method, path }), security: [], ...details, responses },
  };
}

function health(status: string): ResponseObject {
  return {
    description: status === "ok" ? "It is." : "It isn't.",
    content: {
      "application/json": {
        schema: {
          type: "object",
          required: ["status"],
          properties: {
            status: { type: "string", enum: status === "ok" ? ["ok"] : ["stopping", "unavailable"] },
          },
        },
        example: { status },
      },
    },
  };
}

const WEBHOOK_ERRORS: ErrorCode[] = [
  "invalid_signature",
  "not_found",
  "payload_too_large",
  "rate_limited",
  "unavailable",
  "internal",
];

function stored(description: string): ResponseObject {
  const properties = { status: { type: "string", const: "ok" } };
  const schema = { type: "object", required: ["status"], properties };
  return { description, content: { "application/json": { schema, example: { status: "ok" } } } };
}

function deliveryReport({ path, title, contentType }: ReportEndpoint): PlainOperation {
  return plain("POST", path, {
    tags: ["Webhooks"],
    summary: `${title}'s delivery reports`,
    description: `Called by ${title}, which was given this address. A report is stored once and sends nothing.`,
    parameters: [
      {
        name: "secret",
        in: "path",
        required: true,
        description: "What was configured as the vendor's callback secret.",
        schema: { type: "string" },
      },
    ],
    requestBody: { required: true, content: { [contentType]: { schema: { type: "object" } } } },
    responses: { 200: stored("The report is stored."), ...errorAnswers(WEBHOOK_ERRORS) },
  });
}

function webhook({ path, title, signatureHeader, signature }: WebhookEndpoint): PlainOperation {
  return plain("POST", path, {
    tags: ["Webhooks"],
    summary: `${title}'s events`,
    description: `Called by ${title}. An event is stored once and processed after the answer; a repeat changes nothing.`,
    parameters: [
      {
        name: signatureHeader,
        in: "header",
        required: true,
        description: signature,
        schema: { type: "string" },
      },
    ],
    requestBody: { required: true, content: { "application/json": { schema: { type: "object" } } } },
    responses: {
      200: stored("The event is stored."),
      ...errorAnswers(WEBHOOK_ERRORS),
    },
  });
}

const file = (type: string): ResponseObject => ({
  description: "The file.",
  content: { [type]: { schema: { type: "string" } } },
});

/** A test holds this list against the table, both ways. */
export const PLAIN_OPERATIONS: readonly PlainOperation[] = [
  ...WEBHOOK_ENDPOINTS.map(webhook),
  ...REPORT_ENDPOINTS.map(deliveryReport),
  plain("GET", "/api/health/live", {
    tags: ["Health"],
    summary: "Is the process alive?",
    responses: { 200: health("ok") },
  }),
  plain("GET", "/api/health/ready", {
    tags: ["Health"],
    summary: "Can it serve?",
    description:
      "True while the database answers with every migration in place and the process isn't stopping.",
    responses: { 200: health("ok"), 503: health("unavailable") },
  }),
  plain("GET", "/api/openapi.json", {
    tags: ["Documentation"],
    summary: "This document",
    responses: {
      200: { description: "OpenAPI 3.1.", content: { "application/json": { schema: { type: "object" } } } },
    },
  }),
  plain("GET", "/api/docs", {
    tags: ["Documentation"],
    summary: "The interactive documentation",
    responses: { 200: file("text/html") },
  }),
  plain("GET", "/api/docs/{file}", {
    tags: ["Documentation"],
    summary: "A file of that page",
    parameters: [{ name: "file", in: "path", required: true, schema: { type: "string" } }],
    responses: { 200: file("*/*"), ...errorAnswers(["not_found"]) },
  }),
];
