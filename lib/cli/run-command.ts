import { DomainError } from "@/lib/errors";
import { invariant } from "@/lib/invariant";
import { COMMANDS } from "./commands";
import { type Deployment, RefusedError } from "./commands/deployment";

/** Runs the command of that name with the values of its fields, and answers its exit code. Throws RefusedError with a sentence where a verb refuses. */
export async function runCommand(
  deployment: Deployment,
  name: string,
  values: Record<string, unknown>,
): Promise<number> {
  const command = COMMANDS.find((each) => each.name === name);
  invariant(command, "a command that was parsed is in the table");
  try {
    return await command.run(deployment, values);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new RefusedError(error.code === "not_found" ? command.notFound : `Refused: ${error.code}.`);
  }
}
