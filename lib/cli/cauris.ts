// `npm run cauris -- <command>`: the operator's commands. `--help` lists them.
import fs from "node:fs";
import { environment } from "@/lib/config";
import { log } from "@/lib/log";
import { ProviderError } from "@/lib/providers/provider";
import { RefusedError } from "./commands/deployment";
import { openDeployment } from "./commands/open-deployment";
import { type Command, HELP, parseCommand } from "./commands/parse-command";
import { UsageError } from "./commands/parse-words";
import { runCommand } from "./commands/run-command";
import { explainProblem } from "./explain-problem";

async function main(command: Command): Promise<number> {
  if (command.name === "help") {
    console.log(HELP);
    return 0;
  }
  for (const file of [".env.local", ".env"]) if (fs.existsSync(file)) process.loadEnvFile(file);
  // What verbs log would stand between the answers.
  if (!environment().LOG_LEVEL) log.level = "silent";
  const deployment = await openDeployment();
  // A server that was started for this must not stay behind.
  const giveUp = () => void deployment.close().finally(() => process.exit(1));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, giveUp);
  try {
    return await runCommand(deployment, command);
  } finally {
    await deployment.close();
  }
}

function explain(error: unknown): string {
  if (error instanceof RefusedError || error instanceof UsageError) return error.message;
  if (error instanceof ProviderError) return `The provider can't answer just now (${error.kind}).`;
  return explainProblem(error);
}

try {
  process.exitCode = await main(parseCommand(process.argv.slice(2)));
} catch (error) {
  console.error(`✗ ${explain(error)}`);
  if (error instanceof UsageError) console.error(`\n${HELP}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
