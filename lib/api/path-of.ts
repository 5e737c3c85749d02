/** The path as it was asked for: URL would resolve dots, and find another address than the lane was chosen by. */
export function pathOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? "";
}
