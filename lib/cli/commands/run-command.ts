import { issueLocalToken } from "@/lib/api/auth/issue-local-token";
import { DomainError } from "@/lib/errors";
import { reportAudit } from "./audit-report";
import { reportBalance } from "./balance";
import { reportClosing, reportDeadLetters, reportRetry } from "./dead-letters";
import { reportAssignment, reportDecision } from "./decide";
import { type House, RefusedError } from "./deployment";
import { reportKeys, reportRevocation } from "./keys";
import type { Command } from "./parse-command";
import { reportPayouts, reportResume, reportStop } from "./payouts";
import { reportDeposit } from "./process-deposit";
import { reportReconciliation } from "./reconcile";
import { reportReplay } from "./replay-webhook";
import { reportExport, reportSealing, reportVerification } from "./seals";

type HouseCommand = Exclude<Command, { name: "help" }>;

const MISSING: Record<HouseCommand["name"], string> = {
  token: "There is no account with this e-mail address.",
  "process-deposit": "There is no deposit with this reference.",
  "replay-webhook": "There is no webhook event with this id.",
  balance: "There is no wallet with this number.",
  keys: "There are no such keys.",
  "revoke-key": "There is no API key with this id.",
  audit: "There is no ledger.",
  "dead-letters": "There are no dead letters.",
  "close-event": "There is no parked event with this id.",
  decide: "There is no withdrawal with this reference.",
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

/** Does what was asked for and answers the exit code. Throws RefusedError with a sentence for what can't be done. */
export async function runCommand(house: House, command: HouseCommand): Promise<number> {
  try {
    return await dispatch(house, command);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const sentence = error.code === "not_found" ? MISSING[command.name] : `Refused: ${error.code}.`;
    throw new RefusedError(sentence);
  }
}

async function dispatch(house: House, command: HouseCommand): Promise<number> {
  switch (command.name) {
    case "token":
      // Alone on its line, so that a shell can take it: TOKEN=$(npm run -s cauris -- token …).
      house.print(await issueLocalToken(house.context.db, command.email));
      return 0;
    case "process-deposit":
      return await reportDeposit(house, command);
    case "replay-webhook":
      return await reportReplay(house, command);
    case "balance":
      return await reportBalance(house, command);
    case "keys":
      return await reportKeys(house, command);
    case "revoke-key":
      return await reportRevocation(house, command);
    case "audit":
      return await reportAudit(house, command);
    case "dead-letters":
      return await reportDeadLetters(house);
    case "close-event":
      return await reportClosing(house, command);
    case "decide":
      return await reportDecision(house, command);
    case "assign-suspense":
      return await reportAssignment(house, command);
    case "reconcile":
      return await reportReconciliation(house, command);
    case "seal":
      return await reportSealing(house);
    case "seals-export":
      return await reportExport(house, command);
    case "seals-verify":
      return await reportVerification(house, command);
    case "retry-dead-letter":
      return await reportRetry(house, command);
    case "payouts-status":
      return await reportPayouts(house);
    case "payouts-stop":
      return await reportStop(house, command);
    case "payouts-resume":
      return await reportResume(house, command);
  }
}
