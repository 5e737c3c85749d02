import { z } from "zod";

const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** How much is logged: LOG_LEVEL, info unless said otherwise. */
export const logLevel = z.enum(LEVELS).catch("info").parse(process.env.LOG_LEVEL);
