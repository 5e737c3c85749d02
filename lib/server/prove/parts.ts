import type { Part } from "./part";

/** Every goal, in the order in which they run. */
export const PARTS: readonly Part[] = [];
