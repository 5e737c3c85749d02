import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import { isSame } from "./http";
import type { Inbox, MessageScenarioCode } from "./inbox";
import { readMailSource } from "./mail-source";

export interface MailServerOptions {
  /** 0 takes a free one. */
  port: number;
  user: string;
  password: string;
  inbox: Inbox;
  slowMs: number;
  signal: AbortSignal;
}

export interface MailServer {
  port: number;
  close(): Promise<void>;
}

const MAIL_BYTES_MAX = 256 * 1024;

function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

/** Null when a recipient's mail is taken. */
function refusalOf(scenario: MessageScenarioCode | null): Error | null {
  if (scenario === "down") return refusal(451, "Try again later");
  return scenario === "refused" ? refusal(550, "No such mailbox here") : null;
}

/** A mail server on 127.0.0.1 that takes mail for every address and keeps it. Rejects when the port is taken. */
export async function startMailServer(options: MailServerOptions): Promise<MailServer> {
  const { inbox, user, password, slowMs, signal } = options;
  const scenarios = new WeakMap<SMTPServerSession, MessageScenarioCode | null>();
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    size: MAIL_BYTES_MAX,
    onAuth({ username, password: given }, _session, done) {
      const isRight = isSame(username ?? "", user) && isSame(given ?? "", password);
      return isRight ? done(null, { user }) : done(refusal(535, "Wrong user or password"));
    },
    onRcptTo({ address }, session, done) {
      const scenario = inbox.scenarioOf(address);
      scenarios.set(session, scenario);
      done(refusalOf(scenario));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const scenario = scenarios.get(session) ?? null;
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? "" : mailFrom.address;
        for (const { address } of scenario === "lost" ? [] : rcptTo) {
          const parts = readMailSource(Buffer.concat(chunks));
          inbox.add({ channel: "email", vendor: "smtp", to: address, from, ...parts });
        }
        if (scenario === "silent") return;
        if (scenario !== "slow") return done();
        sleep(slowMs, undefined, { signal }).then(
          () => done(),
          () => undefined,
        );
      });
    },
  });
  // A client that goes away in the middle is no fault of the server.
  server.on("error", () => undefined);
  const listening = server.listen(options.port, "127.0.0.1");
  await new Promise<void>((resolve, reject) => {
    listening.once("error", reject);
    listening.once("listening", resolve);
  });
  const { port } = listening.address() as AddressInfo;
  return {
    port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
