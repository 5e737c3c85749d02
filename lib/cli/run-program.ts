import fs from "node:fs";
import { type Command, parseWords, UsageError, usageOf } from "./command";
import { explainProblem } from "./explain-problem";

/** Reads `.env.local` and `.env`, where they exist; what is set already stays. */
export function loadEnvFiles(): void {
  for (const file of [".env.local", ".env"]) if (fs.existsSync(file)) process.loadEnvFile(file);
}

/**
 * Runs a program that is one command of its own (`npm run audit`) with the words after it, and sets the exit code: the command's,
 * 2 when it isn't understood, `failureCode` when it couldn't be carried out.
 */
export async function runProgram(
  command: Command<null>,
  { failureCode }: { failureCode: 1 | 2 },
): Promise<void> {
  try {
    const { isHelp, values } = parseWords(command, process.argv.slice(2));
    if (isHelp) console.log(`npm run ${usageOf(command)}\n\n${command.help}`);
    else process.exitCode = await command.run(null, values);
  } catch (error) {
    const isUsage = error instanceof UsageError;
    console.error(`✗ ${isUsage ? error.message : explainProblem(error)}`);
    process.exitCode = isUsage ? 2 : failureCode;
  }
}
