import { config } from "@/lib/config";

const POLLS_PER_RELOAD = 4;

/** After how many whole seconds a waiting page reloads where there is no JavaScript. */
export function reloadSeconds(): number {
  return Math.max(1, Math.round((config().waitingPagePollMs * POLLS_PER_RELOAD) / 1000));
}
