import type { Progress } from "./progress.mjs";

/** Builds the app when there is no build or the sources are others than at the last one. */
export function ensureBuilt(root: string, progress: Progress): Promise<void>;
