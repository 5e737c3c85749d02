import { ACCESS_TOKEN, API_KEY } from "./call-operation";
import type { OpenApiDocument, Operation, Parameter, ResponseObject } from "./document-shape";
import { descriptionHtml, escapeHtml, jsonHtml } from "./html";
import { nameHtml, schemaHtml, valueHtml } from "./schema-html";

const JSON_TYPE = "application/json";
/** Called by others than the reader of the page, or nothing to call. */
const NOT_TRIED = ["Webhooks", "Documentation"];

interface DocumentedCall {
  method: string;
  path: string;
  operation: Operation;
}

/** One operation: closed, its method, path and summary; open, all of it, with a form to try it. */
export function operationHtml(
  { method, path, operation }: DocumentedCall,
  document: OpenApiDocument,
): string {
  const { operationId, summary, description = "" } = operation;
  const id = idOf(operation);
  return `<details class="call" id="${id}">
<summary><h3><code class="${method.toLowerCase()}"><b>${method}</b> ${escapeHtml(path)}</code></h3>
<span>${escapeHtml(summary)}</span></summary>
${descriptionHtml(description)}
${parametersHtml(operation.parameters ?? [])}
${bodyHtml(operation, document)}
<h4>Answers</h4>
${Object.entries(operation.responses)
  .map(([status, response]) => answerHtml(status, response, document))
  .join("\n")}
${isTried(operation) ? formHtml(operationId, { method, path, operation }) : ""}
</details>`;
}

/** The address of an operation on the page. */
export function idOf({ operationId, tags }: Operation): string {
  return `operations-${(tags[0] ?? "").replace(/\s/g, "_")}-${operationId}`;
}

function parametersHtml(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return "";
  const rows = parameters.map(({ name, in: where, required, description, schema }) => {
    const value = valueHtml({ ...schema, ...(description === undefined ? {} : { description }) });
    return `<div><dt>${nameHtml(name, required)} <small>${where}</small></dt><dd>${value}</dd></div>`;
  });
  return `<h4>Parameters</h4><dl class="fields">${rows.join("\n")}</dl>`;
}

function bodyHtml({ requestBody }: Operation, document: OpenApiDocument): string {
  const content = requestBody?.content[JSON_TYPE];
  if (content === undefined) return "";
  const example = content.example === undefined ? "" : jsonHtml(content.example);
  return `<h4>Body</h4>${schemaHtml(content.schema, document.components.schemas)}${example}`;
}

/** Errors are lists of codes with their sentence; anything else its fields and an example. */
function answerHtml(status: string, response: ResponseObject, document: OpenApiDocument): string {
  const content = response.content?.[JSON_TYPE];
  const codes = Object.entries(content?.examples ?? {});
  const head = `<p class="answer"><b>${status}</b> `;
  if (codes.length > 0) {
    const items = codes.map(([code, { summary }]) => `<code>${code}</code> ${escapeHtml(summary)}`);
    return `${head}${items.join("<br>")}</p>`;
  }
  const example = content?.example === undefined ? "" : jsonHtml(content.example);
  const fields = content === undefined ? "" : schemaHtml(content.schema, document.components.schemas);
  return `${head}${escapeHtml(response.description)}</p>${fields}${example}`;
}

/** Where a redirect is the answer, a script can't follow it. */
function isTried({ tags, responses }: Operation): boolean {
  return !NOT_TRIED.includes(tags[0] ?? "") && Object.keys(responses).some((status) => /^2/.test(status));
}

/** Hidden until the page's script can send it. */
function formHtml(operationId: string, { method, path, operation }: DocumentedCall): string {
  const fields = (operation.parameters ?? []).map(({ name, in: where, required }) =>
    fieldHtml(
      `${operationId}-${name}`,
      name,
      `name="${escapeHtml(name)}" data-in="${where}"${required ? " required" : ""}`,
    ),
  );
  const example = operation.requestBody?.content[JSON_TYPE]?.example;
  const body = operation.requestBody
    ? `<p><label for="${operationId}-body">Body</label>
<textarea id="${operationId}-body" name="body" rows="8" spellcheck="false">${escapeHtml(JSON.stringify(example ?? {}, null, 2))}</textarea></p>`
    : "";
  return `<form class="try" data-method="${method}" data-path="${escapeHtml(path)}" hidden>
<h4>Try it out</h4>
${fields.join("\n")}${body}
<button type="submit">Execute</button>
<div class="result" role="status"></div>
</form>`;
}

function fieldHtml(id: string, label: string, attributes: string): string {
  return `<p><label for="${id}">${escapeHtml(label)}</label>
<input id="${id}" ${attributes} autocomplete="off" spellcheck="false"></p>`;
}

/** The credentials that forms send; the page keeps them nowhere. */
export function credentialsHtml(): string {
  return `<section class="credentials" aria-labelledby="authorize" hidden>
<h2 id="authorize">Authorize</h2>
<p>What you try is sent with these, and is real. They are kept until you leave the page.</p>
${fieldHtml(ACCESS_TOKEN, "Access token", 'type="password"')}
${fieldHtml(API_KEY, "API key", 'type="password"')}
</section>`;
}
