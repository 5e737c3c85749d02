/**
 * A TypeScript source with comments and the contents of strings, templates and regular expressions replaced by spaces, so
 * that a search finds code only. Offsets stay as in the file. JSX text is read as code.
 */
export function scanSource(text: string): string {
  const code = text.split("");
  const blank = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) if (code[at] !== "\n") code[at] = " ";
  };
  // Depth of braces at which each open `${` of a template began.
  const templateDepths: number[] = [];
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? "";
    const pair = text.slice(at, at + 2);
    let end = at + 1;
    if (pair === "//" || pair === "/*") {
      end = pair === "//" ? endOf(text, "\n", at) : endOf(text, "*/", at + 2) + 2;
      blank(at, end);
    } else if (char === '"' || char === "'" || (char === "/" && startsRegex(code, at))) {
      end = endOfQuoted(text, at);
      blank(at + 1, end - 1);
    } else if (char === "`" || (char === "}" && templateDepths.at(-1) === depth)) {
      if (char === "}") templateDepths.pop();
      end = endOfTemplate(text, at + 1);
      const opens = text[end - 1] === "{";
      blank(at + 1, opens ? end - 2 : end - 1);
      if (opens) templateDepths.push(depth);
    } else if (char === "{") depth += 1;
    else if (char === "}") depth -= 1;
    at = end;
  }
  return code.join("");
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
