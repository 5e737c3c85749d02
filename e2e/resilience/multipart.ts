const BOUNDARY = "----CaurisResilience7MA4YWxk";

/** A form as browsers post it: quotes and line ends in names escaped (WHATWG HTML, multipart/form-data). */
export function multipart(fields: readonly (readonly [name: string, value: string])[]): {
  bytes: Buffer;
  type: string;
} {
  const escaped = (name: string) =>
    name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
  const parts = fields.map(
    ([name, value]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${escaped(name)}"\r\n\r\n${value}\r\n`,
  );
  return {
    bytes: Buffer.from(`${parts.join("")}--${BOUNDARY}--\r\n`),
    type: `multipart/form-data; boundary=${BOUNDARY}`,
  };
}
