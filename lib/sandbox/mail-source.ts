/** The parts of an e-mail's source (RFC 5322, MIME) that people read. Enough for what one's own application sends. */
export interface MailParts {
  subject: string;
  text: string;
  html: string | null;
}

interface Entity {
  headers: Map<string, string>;
  body: string;
}

/** Bytes as latin1, so that each character is one. */
function split(source: string): Entity {
  const end = /\r?\n\r?\n/.exec(source);
  const head = end === null ? source : source.slice(0, end.index);
  const body = end === null ? "" : source.slice(end.index + end[0].length);
  const lines = head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, body };
}

function fromQuotedPrintable(text: string): Buffer {
  const joined = text.replace(/=\r?\n/g, "");
  const bytes = joined.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1");
}

function decodeBody({ headers, body }: Entity): string {
  const encoding = headers.get("content-transfer-encoding")?.toLowerCase();
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding === "quoted-printable") return fromQuotedPrintable(body).toString("utf8");
  return Buffer.from(body, "latin1").toString("utf8");
}

/** Encoded words in UTF-8 (RFC 2047). */
function decodeWords(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/(?:=\?utf-8\?[bq]\?[^?]*\?=)+/gi, (words) =>
      Buffer.concat(
        [...words.matchAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi)].map(([, kind = "", text = ""]) =>
          kind.toLowerCase() === "b"
            ? Buffer.from(text, "base64")
            : fromQuotedPrintable(text.replaceAll("_", " ")),
        ),
      ).toString("utf8"),
    );
}

function partsOf(entity: Entity): Entity[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(entity.headers.get("content-type") ?? "")?.[1];
  if (boundary === undefined) return [entity];
  const pieces = entity.body.split(`--${boundary}`).slice(1, -1);
  return pieces.flatMap((piece) => partsOf(split(piece.replace(/^\r?\n/, ""))));
}

export function readMailSource(source: Buffer): MailParts {
  const whole = split(source.toString("latin1"));
  const parts = partsOf(whole);
  const bodyOf = (type: string) => {
    const found = parts.find(({ headers }) => (headers.get("content-type") ?? "text/plain").startsWith(type));
    return found === undefined ? null : decodeBody(found).replace(/\r\n/g, "\n").trimEnd();
  };
  return {
    subject: decodeWords(whole.headers.get("subject") ?? ""),
    text: bodyOf("text/plain") ?? "",
    html: bodyOf("text/html"),
  };
}
