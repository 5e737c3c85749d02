import { DomainError } from "@/lib/errors";

const LENGTH_MAX = 2_000;

/**
 * Checks the caller's address for the browser after the payment page: an absolute http(s) URL without credentials. Throws
 * `validation_failed` with an issue on `returnUrl`.
 */
export function checkReturnUrl(value: string): string {
  // Visible ASCII only: URL() silently drops line ends and tabs, a browser may not.
  const isPlain =
    value.length <= LENGTH_MAX && /^https?:\/\/[\x21-\x7e]+$/i.test(value) && !value.includes("\\");
  const url = isPlain && URL.canParse(value) ? new URL(value) : null;
  if (url?.username === "" && url.password === "") return value;
  throw new DomainError("validation_failed", {
    issues: [
      {
        field: "returnUrl",
        reason: value.length > LENGTH_MAX ? "too_long" : "wrong_format",
        values: { max: LENGTH_MAX },
      },
    ],
  });
}
