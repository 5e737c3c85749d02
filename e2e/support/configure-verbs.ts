import { environment, replaceEnvironment } from "@/lib/config";

/** Sets the environment variables that verbs need in this process; keeps those that are set. */
export function configureVerbs(appUrl: string): void {
  const needed = {
    DATABASE_URL: appUrl,
    BASE_URL: "http://localhost:3000",
    AUTH_SECRET: "resilience-only-resilience-only-resilience",
    PIN_SECRET: "resilience-pins-resilience-pins-resilience",
  };
  const given = environment();
  replaceEnvironment(Object.fromEntries(Object.entries(needed).filter(([name]) => !given[name])));
}
