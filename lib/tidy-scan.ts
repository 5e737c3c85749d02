/** Something that a file imports. `specifier` is null when it isn't a literal. */
export interface Import {
  specifier: string | null;
  typeOnly: boolean;
}

/** A source text without what only looks like code. */
export interface Scan {
  /** Comments blanked, strings kept; offsets as in the file. */
  source: string;
  /** What strings hold is blanked too, their quotes are kept. */
  code: string;
}

/** Blanks comments and strings, so that words in them count for nothing. JSX text is read as code, which is harmless. */
export function scanSource(text: string): Scan {
  const source = text.split("");
  const code = text.split("");
  const blank = (target: string[], from: number, to: number): void => {
    for (let at = from; at < to; at += 1) if (target[at] !== "\n") target[at] = " ";
  };
  const depths: number[] = [];
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? "";
    const pair = text.slice(at, at + 2);
    let end = at + 1;
    if (pair === "//" || pair === "/*") {
      end = pair === "//" ? endOf(text, "\n", at) : endOf(text, "*/", at + 2) + 2;
      blank(source, at, end);
      blank(code, at, end);
    } else if (char === '"' || char === "'" || (char === "/" && startsRegex(code, at))) {
      end = endOfQuoted(text, at);
      blank(code, at + 1, end - 1);
    } else if (char === "`" || (char === "}" && depths.at(-1) === depth)) {
      if (char === "}") depths.pop();
      end = endOfTemplate(text, at + 1);
      const opens = text[end - 1] === "{";
      blank(code, at + 1, opens ? end - 2 : end - 1);
      if (opens) depths.push(depth);
    } else if (char === "{") depth += 1;
    else if (char === "}") depth -= 1;
    at = end;
  }
  return { source: source.join(""), code: code.join("") };
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found;
}

/** After the closing quote, or at the line's end when there is none (an apostrophe in JSX text). */
function endOfQuoted(text: string, start: number): number {
  const quote = text[start];
  let inClass = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === "\\") at += 1;
    else if (char === "\n") return start + 1;
    else if (quote === "/" && (char === "[" || char === "]")) inClass = char === "[";
    else if (char === quote && !inClass) return at + 1;
  }
  return text.length;
}

/** After the closing backtick, or after the `${` that interrupts the template. */
function endOfTemplate(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "`") return at + 1;
    else if (text[at] === "$" && text[at + 1] === "{") return at + 2;
  }
  return text.length;
}

function startsRegex(code: string[], at: number): boolean {
  const before = code
    .slice(Math.max(0, at - 20), at)
    .join("")
    .trimEnd();
  return before === "" || /([(,=:[!&|?{;]|=>|\breturn)$/.test(before);
}

/** Static imports, re-exports, dynamic imports and require, in their order. */
export function findImports({ source, code }: Scan): Import[] {
  const found: Import[] = [];
  const literal = (quote: number): string =>
    source.slice(quote + 1, code.indexOf(code[quote] ?? "", quote + 1));
  for (const match of code.matchAll(/\b(import|export)\b([^"'`;()]*?)\bfrom\s*(?=["'])/g)) {
    found.push({
      specifier: literal(match.index + match[0].length),
      typeOnly: /^\s+type\s(?!\s*from)/.test(match[2] ?? ""),
    });
  }
  for (const match of code.matchAll(/\bimport\s*(?=["'])/g)) {
    found.push({ specifier: literal(match.index + match[0].length), typeOnly: false });
  }
  for (const match of code.matchAll(/(?<![.\w])(import|require)\s*\(\s*(?=(["'`])?)/g)) {
    const quote = match.index + match[0].length;
    found.push({
      specifier: /["'`]/.test(code[quote] ?? "") ? literalPart(literal(quote)) : null,
      typeOnly: false,
    });
  }
  return found;
}

/** Of a template its folder, when that is written out: enough to know the room. */
function literalPart(text: string): string | null {
  const variable = text.indexOf("${");
  if (variable === -1) return text;
  const folder = text.slice(0, text.lastIndexOf("/", variable) + 1);
  return folder === "" ? null : folder;
}
