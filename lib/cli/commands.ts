import { issueLocalToken } from "@/lib/api/auth/issue-local-token";
import {
  type Command,
  defineCommand,
  flag,
  oneOf,
  optional,
  required,
  toId,
  toInstant,
  toText,
  UsageError,
} from "./command";
import { reportAudit } from "./commands/audit-report";
import { reportBalance } from "./commands/balance";
import { reportClosing, reportDeadLetters, reportRetry } from "./commands/dead-letters";
import type { Deployment } from "./commands/deployment";
import { reportDisputes, reportKeeping, reportTakeBack } from "./commands/disputes";
import { reportFreeze, reportUnfreeze } from "./commands/freeze";
import { reportKeys, reportRevocation } from "./commands/keys";
import { reportPayouts, reportResume, reportStop } from "./commands/payouts";
import { reportDeposit } from "./commands/process-deposit";
import { reportReconciliation } from "./commands/reconcile";
import { reportReplay } from "./commands/replay-webhook";
import { reportAssignment, reportResolution } from "./commands/resolve";
import { reportExport, reportSealing, reportVerification } from "./commands/seals";

const reference = required("reference", "a reference", toText);
const identifier = required("e-mail-or-phone", "an e-mail address or a phone number", toText);
/** Options of a decision about other people's money: the reason is required. */
const decision = { note: required("why", "why it is so", toText), by: optional("who", toText) };
const switching = { note: optional("why", toText), by: optional("who", toText) };
const provider = { provider: optional("provider", toText) };
const walletNumber = required("wallet-number", "a wallet number", (text) => text.replaceAll(" ", ""));
const NO_WALLET = "There is no wallet with this number.";
const NO_PROVIDER = "There is no provider with this name.";

/** Every command of `npm run cauris`, in the order of its help. */
export const COMMANDS: readonly Command<Deployment>[] = [
  defineCommand({
    name: "token",
    help: "an access token of this person, to try the API",
    positionals: { identifier },
    notFound: "There is no account with this e-mail address or phone number.",
    run: async ({ context, print }: Deployment, values) => {
      // Alone on its line, so that a shell can take it: TOKEN=$(npm run -s cauris -- token …).
      print(await issueLocalToken(context.db, values.identifier));
      return 0;
    },
  }),
  defineCommand({
    name: "process-deposit",
    help: "queries the provider and credits as a webhook",
    positionals: { reference },
    options: { force: flag },
    notFound: "There is no deposit with this reference.",
    run: (deployment: Deployment, values) => reportDeposit(deployment, values),
  }),
  defineCommand({
    name: "replay-webhook",
    help: "processes a stored webhook event again",
    positionals: { eventId: required("id", "an event's id", toId) },
    notFound: "There is no webhook event with this id.",
    run: (deployment: Deployment, values) => reportReplay(deployment, values),
  }),
  defineCommand({
    name: "balance",
    help: "what a wallet holds, in each currency",
    positionals: { walletNumber },
    notFound: NO_WALLET,
    run: (deployment: Deployment, values) => reportBalance(deployment, values),
  }),
  defineCommand({
    name: "freeze",
    help: "lets money into a wallet, and none out",
    positionals: { walletNumber },
    options: decision,
    notFound: NO_WALLET,
    run: (deployment: Deployment, values) => reportFreeze(deployment, values),
  }),
  defineCommand({
    name: "unfreeze",
    help: "lets money out of a wallet again",
    positionals: { walletNumber },
    options: decision,
    notFound: NO_WALLET,
    run: (deployment: Deployment, values) => reportUnfreeze(deployment, values),
  }),
  defineCommand({
    name: "keys",
    help: "API keys: owner, permissions, state",
    positionals: { identifier: optional("e-mail-or-phone", toText) },
    run: (deployment: Deployment, values) => reportKeys(deployment, values),
  }),
  defineCommand({
    name: "keys revoke",
    help: "revokes an API key for good",
    positionals: { keyId: required("id", "a key's id", toId) },
    notFound: "There is no API key with this id.",
    run: (deployment: Deployment, values) => reportRevocation(deployment, values),
  }),
  defineCommand({
    name: "audit",
    help: "checks the invariants, as npm run audit",
    options: { full: flag },
    run: (deployment: Deployment, { full }) => reportAudit(deployment, { isFull: full }),
  }),
  defineCommand({
    name: "seal",
    help: "seals what is new, as the worker also does",
    run: (deployment: Deployment) => reportSealing(deployment),
  }),
  defineCommand({
    name: "seals verify",
    help: "hashes all that is sealed again",
    options: { against: optional("export", toText) },
    run: (deployment: Deployment, values) => reportVerification(deployment, values),
  }),
  defineCommand({
    name: "seals export",
    help: "writes the chain of seals, to be kept elsewhere",
    options: { out: optional("file", toText), "with-postings": flag },
    run: (deployment: Deployment, { out, "with-postings": withPostings }) =>
      reportExport(deployment, { out, withPostings }),
  }),
  defineCommand({
    name: "payouts",
    alias: "payouts status",
    help: "whether payouts run, what waits, and why",
    run: (deployment: Deployment) => reportPayouts(deployment),
  }),
  defineCommand({
    name: "payouts stop",
    help: "stops payouts, to all providers or to one",
    positionals: provider,
    options: switching,
    notFound: NO_PROVIDER,
    run: (deployment: Deployment, values) => reportStop(deployment, values),
  }),
  defineCommand({
    name: "payouts resume",
    help: "lets payouts run again",
    positionals: provider,
    options: switching,
    notFound: NO_PROVIDER,
    run: (deployment: Deployment, values) => reportResume(deployment, values),
  }),
  defineCommand({
    name: "resolve",
    help: "ends a stuck withdrawal by your verdict",
    positionals: {
      reference,
      verdict: required("paid|refunded", "what became of it: paid or refunded", oneOf("paid", "refunded")),
    },
    options: decision,
    notFound: "There is no withdrawal with this reference.",
    run: (deployment: Deployment, values) => reportResolution(deployment, values),
  }),
  defineCommand({
    name: "suspense assign",
    help: "gives money in suspense to a deposit's owner",
    positionals: {
      entryId: required("id", "an id", toId),
      reference: required("reference", "a deposit's reference", toText),
    },
    options: decision,
    notFound: "There is no such money in suspense (any more), or no deposit with this reference.",
    run: (deployment: Deployment, values) => reportAssignment(deployment, values),
  }),
  defineCommand({
    name: "disputes",
    alias: "disputes list",
    help: "refunds and chargebacks that wait for you",
    run: (deployment: Deployment) => reportDisputes(deployment),
  }),
  defineCommand({
    name: "disputes take-back",
    help: "takes a disputed deposit back from its owner",
    positionals: { reference },
    options: decision,
    notFound: "There is no deposit with this reference.",
    run: (deployment: Deployment, values) => reportTakeBack(deployment, values),
  }),
  defineCommand({
    name: "disputes keep",
    help: "leaves a disputed deposit to its owner",
    positionals: { reference },
    options: decision,
    notFound: "There is no deposit with this reference.",
    run: (deployment: Deployment, values) => reportKeeping(deployment, values),
  }),
  defineCommand({
    name: "reconcile",
    help: "compares our book with the providers' own",
    options: { from: optional("day", toInstant), to: optional("day", toInstant) },
    check: ({ from, to }) => {
      if (from && to && from >= to) throw new UsageError("reconcile needs --from before --to.");
    },
    run: (deployment: Deployment, values) => reportReconciliation(deployment, values),
  }),
  defineCommand({
    name: "dead-letters",
    help: "what waits for an operator",
    run: (deployment: Deployment) => reportDeadLetters(deployment),
  }),
  defineCommand({
    name: "dead-letters retry",
    help: "tries one again: job, event or operation",
    positionals: {
      kind: required(
        "kind",
        "a kind: job, event, operation or suspense",
        oneOf("job", "event", "operation", "suspense"),
      ),
      id: required("id", "an id", toId),
    },
    notFound: "There is no dead letter of this kind with this id.",
    run: (deployment: Deployment, values) => reportRetry(deployment, values),
  }),
  defineCommand({
    name: "dead-letters close event",
    help: "ends a webhook event that needs nothing",
    positionals: { eventId: required("id", "an event's id", toId) },
    options: decision,
    notFound: "There is no webhook event in review with this id.",
    run: (deployment: Deployment, values) => reportClosing(deployment, values),
  }),
];
