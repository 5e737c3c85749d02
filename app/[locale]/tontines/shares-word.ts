import type { getTranslations } from "next-intl/server";

/** `1 part`, `½ part`, `2 parts`. */
export function sharesWord(
  t: Awaited<ReturnType<typeof getTranslations<"tontines">>>,
  halves: number,
): string {
  if (halves === 1) return t("halfShare");
  const half = halves % 2 === 1 ? "½" : "";
  return half ? t("sharesAndHalf", { count: (halves - 1) / 2 }) : t("shareCount", { count: halves / 2 });
}
