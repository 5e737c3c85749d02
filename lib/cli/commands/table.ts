/** Lines with columns of equal width; the first one stands left, the others where `align` says. */
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
