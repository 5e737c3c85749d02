import { configProblems, environment } from "@/lib/config";
import { collectSettings } from "@/lib/parse-settings";
import { sandboxSettings } from "@/lib/sandbox/settings";
import { applicationEnvironment, sandboxEnvironment, URL_TO_COME } from "./environment";
import { databaseProblems, productionProblems } from "./production-checks";
import type { ServerSettings } from "./server-settings";

/** Why nothing may start with this configuration: one line for each wrong variable, beginning with its name. */
export function startProblems(settings: ServerSettings): string[] {
  const app = configProblems(applicationEnvironment(settings, URL_TO_COME, false));
  const database = databaseProblems(settings);
  if (settings.mode === "demo") {
    const sandbox: string[] = [];
    collectSettings(sandboxSettings, sandboxEnvironment(settings), sandbox);
    return [...database, ...app, ...sandbox];
  }
  const unfit = productionProblems(settings, environment());
  const named = new Set(unfit.map((line) => line.split(" ")[0]));
  return [...unfit, ...database, ...app.filter((line) => !named.has(line.split(":")[0]))];
}
