import { formatAmount } from "@/lib/money/format-money";
import type { Money } from "@/lib/money/money";

// How commands print: for terminals, and for programs that read what they print.

/** `5000.00 NGN`: without groups of digits and with an ASCII minus. */
export function plainMoney(money: Money): string {
  return `${plainNumber(money)} ${money.currency}`;
}

/** `5000.00` */
export function plainNumber(money: Money): string {
  return formatAmount(money, "en").number.replaceAll(",", "").replace("\u2212", "-");
}

/** `2026-11-22 21:30Z` */
export function plainMinute(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace("T", " ")}Z`;
}

/** `1 range`, `2 ranges` */
export function counted(count: number | bigint, one: string, many = `${one}s`): string {
  return `${count} ${Number(count) === 1 ? one : many}`;
}

/** Lines with columns of equal width; the first column is aligned left, the others as `align` says. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: "left" | "right" = "left",
): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...rows].map((row) =>
    row
      .map((text, column) => {
        const width = widths[column] ?? 0;
        return align === "right" && column > 0 ? text.padStart(width) : text.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
