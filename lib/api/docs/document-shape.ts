import type { JsonSchema } from "./json-schema";

/** The parts of OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1) that our document has. */
export interface OpenApiDocument {
  openapi: "3.1.0";
  info: {
    title: string;
    version: string;
    summary: string;
    description: string;
    contact: { name: string; url: string };
    license: { name: string; identifier: string };
  };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Partial<Record<"get" | "post", Operation>>>;
  components: {
    schemas: Record<string, JsonSchema>;
    securitySchemes: Record<string, Record<string, string>>;
  };
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, ResponseObject>;
  /** Any one of them will do; an empty list means that anyone may call. */
  security: Record<string, string[]>[];
  /** What an API key must permit. */
  "x-permission"?: string;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

export interface ResponseObject {
  description: string;
  headers?: Record<string, { description: string; schema: JsonSchema }>;
  content?: Content;
  /** The operations that commonly follow, and what of the answer they take. */
  links?: Record<string, { operationId: string; parameters: Record<string, string> }>;
}

export type Content = Record<
  string,
  { schema: JsonSchema; example?: unknown; examples?: Record<string, { summary: string; value: unknown }> }
>;
