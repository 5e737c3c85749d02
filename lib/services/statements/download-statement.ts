import type { TimeZone } from "@/lib/phone";
import type { Context } from "../context";
import { consume } from "../rate-limits/consume";
import { CONTENT_TYPES, fileNameOf, type StatementStyle, writeStatement } from "./content";
import { type Download, streamOf } from "./download";
import { findSubject } from "./find-subject";
import { type Delivery, deliveryOf } from "./get-statement";
import { beginMaking } from "./limit-making";
import type { StatementInput } from "./schema";
import { openStatement } from "./statement";

/**
 * A statement as a file, made while it is read; one that is too long for that isn't made, and `delivery` says what is left. Throws as
 * {@link findSubject}, and `rate_limited`.
 */
export async function downloadStatement(
  context: Context,
  input: StatementInput,
  { zone, ...style }: StatementStyle & { zone: TimeZone },
): Promise<Download | { delivery: Exclude<Delivery, "at_once"> }> {
  const subject = await findSubject(context, input, zone);
  const end = beginMaking(subject.userId);
  try {
    await consume(context.db, "statement_download", [subject.userId.toString()]);
    const statement = await openStatement(context.db, subject, context.now);
    const delivery = deliveryOf(style.format, statement.lineCount);
    if (delivery !== "at_once") {
      end();
      return { delivery };
    }
    return {
      fileName: fileNameOf(statement, style),
      contentType: CONTENT_TYPES[style.format],
      byteCount: null,
      body: streamOf(writeStatement(context.db, statement, style), end),
    };
  } catch (error) {
    end();
    throw error;
  }
}
