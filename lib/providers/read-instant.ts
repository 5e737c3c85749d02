/**
 * An instant as providers write it: ISO 8601 with its zone, or seconds or milliseconds since 1970. Null for anything else: a time without
 * a zone could be any of 26 instants.
 */
export function readInstant(value: unknown): Date | null {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return null;
  const trimmed = text.trim();
  if (/^\d{10}(\.\d+)?$|^\d{13}$/.test(trimmed)) {
    return new Date(trimmed.length === 13 ? Number(trimmed) : Math.round(Number(trimmed) * 1000));
  }
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})$/i.test(trimmed))
    return null;
  const at = new Date(trimmed.replace(" ", "T").replace(/\s/g, "").toUpperCase());
  return Number.isNaN(at.getTime()) ? null : at;
}

/** Where providers write when a payment was made; the last is when they last changed it, which is no earlier. */
export const PAID_AT_FIELDS = [
  "paid_at",
  "paidAt",
  "completed_at",
  "completedAt",
  "confirmed_at",
  "updated_at",
  "updatedAt",
] as const;

/** The first of these fields that has an instant, as a part of a provider's state. */
export function readPaidAt(fieldOf: (name: string) => unknown): { paidAt?: Date } {
  for (const name of PAID_AT_FIELDS) {
    const paidAt = readInstant(fieldOf(name));
    if (paidAt) return { paidAt };
  }
  return {};
}
