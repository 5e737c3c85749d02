import { issueLocalToken } from "@/lib/api/auth/issue-local-token";
import { DomainError } from "@/lib/errors";
import { reportAudit } from "./audit-report";
import { reportBalance } from "./balance";
import { reportClosing, reportDeadLetters, reportRetry } from "./dead-letters";
import { type Deployment, RefusedError } from "./deployment";
import { reportKeys, reportRevocation } from "./keys";
import type { Command } from "./parse-command";
import { reportPayouts, reportResume, reportStop } from "./payouts";
import { reportDeposit } from "./process-deposit";
import { reportReconciliation } from "./reconcile";
import { reportReplay } from "./replay-webhook";
import { reportAssignment, reportResolution } from "./resolve";
import { reportExport, reportSealing, reportVerification } from "./seals";

type DeploymentCommand = Exclude<Command, { name: "help" }>;

const MISSING: Record<DeploymentCommand["name"], string> = {
  token: "There is no account with this e-mail address.",
  "process-deposit": "There is no deposit with this reference.",
  "replay-webhook": "There is no webhook event with this id.",
  balance: "There is no wallet with this number.",
  keys: "There are no such keys.",
  "revoke-key": "There is no API key with this id.",
  audit: "There is no ledger.",
  "dead-letters": "There are no dead letters.",
  "close-event": "There is no webhook event in review with this id.",
  resolve: "There is no withdrawal with this reference.",
  "assign-suspense": "There is no such money in suspense (any more), or no deposit with this reference.",
  seal: "There is nothing to seal.",
  "seals-export": "There is nothing to export.",
  "seals-verify": "There is nothing to verify.",
  reconcile: "There is nothing to compare.",
  "retry-dead-letter": "There is no dead letter of this kind with this id.",
  "payouts-status": "There is no provider with this name.",
  "payouts-stop": "There is no provider with this name.",
  "payouts-resume": "There is no provider with this name.",
};

/** Runs the command and answers the exit code. Throws RefusedError with a sentence for what can't be done. */
export async function runCommand(deployment: Deployment, command: DeploymentCommand): Promise<number> {
  try {
    return await dispatch(deployment, command);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new RefusedError(sentenceOf(error, command));
  }
}

function sentenceOf({ code }: DomainError, { name }: DeploymentCommand): string {
  if (code === "not_found") return MISSING[name];
  if (name === "payouts-stop" && code === "outcome_unknown") return STILL_STOPPING;
  return `Refused: ${code}.`;
}

const STILL_STOPPING =
  "Payouts are stopped. Whether the calls under way have ended isn't known: run payouts stop again.";

async function dispatch(deployment: Deployment, command: DeploymentCommand): Promise<number> {
  switch (command.name) {
    case "token":
      // Alone on its line, so that a shell can take it: TOKEN=$(npm run -s cauris -- token …).
      deployment.print(await issueLocalToken(deployment.context.db, command.email));
      return 0;
    case "process-deposit":
      return await reportDeposit(deployment, command);
    case "replay-webhook":
      return await reportReplay(deployment, command);
    case "balance":
      return await reportBalance(deployment, command);
    case "keys":
      return await reportKeys(deployment, command);
    case "revoke-key":
      return await reportRevocation(deployment, command);
    case "audit":
      return await reportAudit(deployment, command);
    case "dead-letters":
      return await reportDeadLetters(deployment);
    case "close-event":
      return await reportClosing(deployment, command);
    case "resolve":
      return await reportResolution(deployment, command);
    case "assign-suspense":
      return await reportAssignment(deployment, command);
    case "reconcile":
      return await reportReconciliation(deployment, command);
    case "seal":
      return await reportSealing(deployment);
    case "seals-export":
      return await reportExport(deployment, command);
    case "seals-verify":
      return await reportVerification(deployment, command);
    case "retry-dead-letter":
      return await reportRetry(deployment, command);
    case "payouts-status":
      return await reportPayouts(deployment);
    case "payouts-stop":
      return await reportStop(deployment, command);
    case "payouts-resume":
      return await reportResume(deployment, command);
  }
}
