import path from "node:path";
import { z } from "zod";
import { StartError } from "./start-error";

type Source = Record<string, string | undefined>;

const port = z.coerce.number().int().min(1).max(65_533);

const schema = z.object({
  /** The app's; the sandbox takes the next one and the bundled PostgreSQL the one after. */
  PORT: port.default(3000),
  /** Where the app listens in production; a demo listens on loopback only. */
  HOST: z.string().min(1).default("0.0.0.0"),
  DATA_DIR: z.string().min(1).default(".data"),
  /** The owner's; the bundled PostgreSQL when absent. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Where the bundled PostgreSQL archives its log, and base backups go. */
  BACKUP_DIR: z.string().min(1).optional(),
  BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  CAURIS_MODE: z.enum(["demo", "production"]).optional(),
  GETMIPAY_API_KEY: z.string().optional(),
  PAYSTACK_SECRET_KEY: z.string().optional(),
  GOOGLE_CLIENT_ID: z.string().optional(),
});

export type Mode = "demo" | "production";

/** What the launcher needs to know. */
export interface ServerSettings {
  mode: Mode;
  port: number;
  host: string;
  /** Absolute. */
  dataDir: string;
  databaseUrl: string | undefined;
  /** Absolute; undefined when nothing is backed up. */
  backupDir?: string;
  /** Without a slash at the end. */
  baseUrl: string;
  hasGoogle: boolean;
}

function parse<T>(shape: z.ZodType<T>, source: Source): T {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = shape.safeParse(present);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new StartError(`The configuration is wrong.\n${lines.join("\n")}`);
}

/** Throws StartError with the name of each wrong variable. Demo while no real provider is configured. */
export function serverSettings(source: Source = process.env): ServerSettings {
  const env = parse(schema, source);
  if (env.BACKUP_DIR !== undefined && env.DATABASE_URL !== undefined) {
    throw new StartError(
      "BACKUP_DIR is for the bundled PostgreSQL: with DATABASE_URL, back that server up by its own means.",
    );
  }
  const isConfigured = env.GETMIPAY_API_KEY !== undefined || env.PAYSTACK_SECRET_KEY !== undefined;
  const isDemo = !isConfigured && env.CAURIS_MODE !== "production";
  return {
    mode: isDemo ? "demo" : "production",
    port: env.PORT,
    host: isDemo ? "127.0.0.1" : env.HOST,
    dataDir: path.resolve(env.DATA_DIR),
    databaseUrl: env.DATABASE_URL,
    ...(env.BACKUP_DIR === undefined ? {} : { backupDir: path.resolve(env.BACKUP_DIR) }),
    baseUrl: (env.BASE_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, ""),
    hasGoogle: env.GOOGLE_CLIENT_ID !== undefined,
  };
}

/** The variables as they were given, for checks that name them. */
export function givenEnvironment(): Source {
  return { ...process.env };
}

const OWNERS_ONLY = new Set(["DATABASE_URL", "PGPASSWORD", "PGPASSFILE", "PGUSER", "PGSERVICE"]);

/** What a child inherits: everything but the database owner's credentials. */
export function inheritedEnvironment(source: Source = process.env): Source {
  return Object.fromEntries(Object.entries(source).filter(([name]) => !OWNERS_ONLY.has(name)));
}

const appSchema = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  BASE_URL: z.url({ protocol: /^https?$/ }).default("http://localhost:3000"),
  CAURIS_DEV: z.stringbool().default(false),
  /** How many proxies of ours stand in front; without any, X-Forwarded-* is what a stranger says. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** False: the API is answered by Next's route handlers, as where only Next runs. */
  API_SERVER: z.stringbool().default(true),
});

/** What the app's process needs besides `lib/env`. */
export interface AppSettings {
  port: number;
  host: string;
  isHttps: boolean;
  isDev: boolean;
  trustedProxies: number;
  hasApiServer: boolean;
}

/** Throws StartError with the name of each wrong variable. */
export function appSettings(source: Source = process.env): AppSettings {
  const env = parse(appSchema, source);
  return {
    port: env.PORT,
    host: env.HOST,
    isHttps: env.BASE_URL.startsWith("https:"),
    isDev: env.CAURIS_DEV,
    hasApiServer: env.API_SERVER,
    trustedProxies: env.TRUSTED_PROXIES,
  };
}

/** The environment of PostgreSQL's own programs: nothing of ours reaches them. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env;
  return {
    NODE_ENV: "production",
    LC_ALL: "C",
    TZ: "UTC",
    ...(PATH === undefined ? {} : { PATH }),
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
  };
}
