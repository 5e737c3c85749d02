// `npm run cauris -- <command>`: the operator's commands. `--help` lists them.
import { environment } from "@/lib/config";
import { log } from "@/lib/log";
import { ProviderError } from "@/lib/providers/provider";
import { helpOf, type ParsedCommand, parseCommand, UsageError, usageOf } from "./command";
import { COMMANDS } from "./commands";
import { type Deployment, RefusedError } from "./commands/deployment";
import { openDeployment } from "./commands/open-deployment";
import { explainProblem } from "./explain-problem";
import { runCommand } from "./run-command";
import { loadEnvFiles } from "./run-program";

const HELP = [
  "npm run cauris -- <command>",
  "",
  ...helpOf(COMMANDS),
  "",
  "<command> --help shows its options. Exit codes: 0 done, 1 refused, 2 not understood.",
  "The database is DATABASE_URL's, or the one that npm start brings along (DATA_DIR).",
].join("\n");

async function main(words: readonly string[]): Promise<number> {
  const [first] = words;
  if (first === undefined || ["help", "--help", "-h"].includes(first)) {
    console.log(HELP);
    return 0;
  }
  const parsed = parseCommand(COMMANDS, words);
  if (parsed.isHelp) {
    const { command } = parsed;
    console.log(`npm run cauris -- ${usageOf(command)}\n\n${command.help}`);
    return 0;
  }
  return await runOnDeployment(parsed);
}

async function runOnDeployment({ command, values }: ParsedCommand<Deployment>): Promise<number> {
  loadEnvFiles();
  // Log lines of verbs would mix with the command's output.
  if (!environment().LOG_LEVEL) log.level = "silent";
  const deployment = await openDeployment();
  // A database server that was started for this must not stay behind.
  const giveUp = () => void deployment.close().finally(() => process.exit(1));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, giveUp);
  try {
    return await runCommand(deployment, command.name, values);
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
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`✗ ${explain(error)}`);
  if (error instanceof UsageError) console.error(`\n${HELP}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
