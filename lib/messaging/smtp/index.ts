import nodemailer from "nodemailer";
import { breaksLine } from "@/lib/text";
import {
  type Channel,
  type ChannelMessage,
  CONNECT_TIMEOUT_MS,
  MessageError,
  SEND_TIMEOUT_MS,
} from "../channel";
import type { SmtpSettings } from "./manifest";

const HEADER_LENGTH_MAX = 200;

/** A mail server by SMTP. One connection a message: messages are few, and a broken one holds up no other. */
export function createSmtp(settings: SmtpSettings): Channel {
  const { host, port, tls, user, password, from } = settings;
  const transport = nodemailer.createTransport({
    host,
    port,
    secure: tls === "implicit",
    requireTLS: tls === "required",
    ignoreTLS: tls === "none",
    ...(user === null || password === null ? {} : { auth: { user, pass: password } }),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SEND_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    vendor: "smtp",
    kind: "email",
    reaches: () => true,
    callbacks: null,
    async send(message) {
      requireOneLine(message);
      try {
        const { messageId } = await transport.sendMail({
          from,
          to: { name: "", address: message.to },
          subject: message.subject,
          text: message.text,
          ...(message.html === null ? {} : { html: message.html }),
          messageId: `<${message.key}@${from.slice(from.indexOf("@") + 1)}>`,
          headers: { "Content-Language": message.locale, "Auto-Submitted": "auto-generated" },
        });
        return { vendorMessageId: messageId };
      } catch (error) {
        throw toMessageError(error);
      }
    },
  };
}

/** What goes into headers never holds a line break, so that no text becomes a header of its own. */
function requireOneLine({ to, subject }: ChannelMessage): void {
  const isSafe = !breaksLine(to) && !breaksLine(subject) && subject.length <= HEADER_LENGTH_MAX;
  if (!isSafe || /[\s<>,;]/.test(to)) throw new MessageError("permanent", "unsafe_header");
}

/** A 5xx reply is the server's last word (RFC 5321 §4.2.1), except that our sign-in was refused: that gets mended. */
function toMessageError(error: unknown): MessageError {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  if (code === "EAUTH") return new MessageError("temporary", "sign_in_refused");
  if (responseCode !== undefined && responseCode >= 500 && responseCode < 600)
    return new MessageError("permanent", `smtp_${responseCode}`);
  if (responseCode !== undefined) return new MessageError("temporary", `smtp_${responseCode}`);
  return new MessageError(
    "temporary",
    /^[A-Z]{2,20}$/.test(code ?? "") ? String(code).toLowerCase() : "network",
  );
}
