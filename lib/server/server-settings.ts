import path from "node:path";
import { z } from "zod";
import { environment, type Mode } from "@/lib/config";
import { parseSettings, type Source } from "@/lib/parse-settings";
import { isRealProviderConfigured } from "@/lib/providers/manifests";
import { StartError } from "@/lib/start-error";

/** The launcher's variables: its DATABASE_URL is the owner's, and what the application needs besides is given to it. */
const variables = z.object({
  // The app's; the sandbox takes the next one and PORT + 3, the bundled PostgreSQL the one between.
  PORT: z.coerce.number().int().min(1).max(65_532).default(3000),
  // Where the app listens in production; a demo listens on loopback only.
  HOST: z.string().min(1).default("0.0.0.0"),
  DATA_DIR: z.string().min(1).default(".data"),
  // The bundled PostgreSQL when absent.
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  // What the application's role gets its password from, where the owner signs in without one.
  DATABASE_APP_PASSWORD: z.string().min(32, "must have at least 32 characters").optional(),
  // The owner's password, where DATABASE_URL has none: libpq's name for it.
  PGPASSWORD: z.string().optional(),
  BACKUP_DIR: z.string().min(1).optional(),
  BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  CAURIS_MODE: z.enum(["demo", "production"]).optional(),
  GOOGLE_CLIENT_ID: z.string().optional(),
});

/** Every variable that the launcher reads. */
export const SERVER_VARIABLES: readonly string[] = Object.keys(variables.shape);

/** What the launcher needs to know. */
export interface ServerSettings {
  mode: Mode;
  port: number;
  host: string;
  /** Absolute. */
  dataDir: string;
  /** With the owner's password, wherever it was given. */
  databaseUrl: string | undefined;
  /** What the application role's password is made of instead of the owner's. */
  applicationPassword?: string;
  /** Absolute; undefined when nothing is backed up. */
  backupDir?: string;
  /** Without a slash at the end. */
  baseUrl: string;
  hasGoogle: boolean;
}

/** Throws StartError with a line for each wrong variable. Demo while no real provider is configured. */
export function serverSettings(source: Source = environment()): ServerSettings {
  const env = parseSettings(variables, source);
  if (env.BACKUP_DIR !== undefined && env.DATABASE_URL !== undefined) {
    throw new StartError(
      "BACKUP_DIR is for the bundled PostgreSQL: with DATABASE_URL, back that server up by its own means.",
    );
  }
  const isDemo = !isRealProviderConfigured(source) && env.CAURIS_MODE !== "production";
  return {
    mode: isDemo ? "demo" : "production",
    port: env.PORT,
    host: isDemo ? "127.0.0.1" : env.HOST,
    dataDir: path.resolve(env.DATA_DIR),
    databaseUrl: env.DATABASE_URL && withPassword(env.DATABASE_URL, env.PGPASSWORD),
    ...(env.DATABASE_APP_PASSWORD === undefined ? {} : { applicationPassword: env.DATABASE_APP_PASSWORD }),
    ...(env.BACKUP_DIR === undefined ? {} : { backupDir: path.resolve(env.BACKUP_DIR) }),
    baseUrl: (env.BASE_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, ""),
    hasGoogle: env.GOOGLE_CLIENT_ID !== undefined,
  };
}

function withPassword(databaseUrl: string, password: string | undefined): string {
  const url = new URL(databaseUrl);
  if (url.password !== "" || password === undefined) return databaseUrl;
  url.password = encodeURIComponent(password);
  return url.href;
}
