/** A tag's attributes; those without a value are empty. */
export type Attributes = Map<string, string>;

// Enough for HTML that React writes: attributes in double quotes, text escaped.
const ATTRIBUTE = /([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g;

/** The opening tags of this name, in the order of the page; comments and the text of scripts don't count. */
export function findTags(html: string, name: string): Attributes[] {
  return matchTags(html, name).map(({ attributes }) => attributes);
}

export interface Form {
  attributes: Attributes;
  inputs: Attributes[];
  buttons: Attributes[];
}

/** Each `<form>` with what stands in it. */
export function findForms(html: string): Form[] {
  const plain = withoutText(html);
  return matchTags(html, "form").map(({ attributes, end }) => {
    const close = plain.indexOf("</form", end);
    const inside = plain.slice(end, close === -1 ? plain.length : close);
    return { attributes, inputs: findTags(inside, "input"), buttons: findTags(inside, "button") };
  });
}

/** What a form posts without anybody having typed it: name and value of its hidden fields, in their order. */
export function hiddenFields({ inputs }: Form): [string, string][] {
  return inputs
    .filter((input) => input.get("type") === "hidden")
    .map((input) => [input.get("name") ?? "", input.get("value") ?? ""]);
}

function matchTags(html: string, name: string): { attributes: Attributes; end: number }[] {
  const tag = new RegExp(`<${name}(?=[\\s/>])((?:[^>"']|"[^"]*"|'[^']*')*)>`, "gi");
  return [...withoutText(html).matchAll(tag)].map((match) => ({
    attributes: parseAttributes(match[1] ?? ""),
    end: match.index + match[0].length,
  }));
}

/** Comments and what stands inside of scripts are blanked: there is no tag in them. */
function withoutText(html: string): string {
  return html.replace(/<!--.*?-->/gs, "").replace(/(<script\b[^>]*>).*?(<\/script>)/gis, "$1$2");
}

function parseAttributes(text: string): Attributes {
  const attributes: Attributes = new Map();
  for (const match of text.matchAll(ATTRIBUTE)) {
    attributes.set((match[1] ?? "").toLowerCase(), unescapeHtml(match[2] ?? match[3] ?? match[4] ?? ""));
  }
  return attributes;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return ENTITIES[name] ?? whole;
  });
}
