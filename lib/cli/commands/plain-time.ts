/** `2026-11-22 21:30Z` */
export function plainMinute(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace("T", " ")}Z`;
}
