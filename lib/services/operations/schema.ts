import type { Currency } from "@/lib/money/currency";
import type { Money } from "@/lib/money/money";
import type { OperationStatus, OperationType } from "./kinds";

/** Which of a wallet's operations are meant: those that have all of these. */
export interface FilterOperations {
  type?: OperationType | undefined;
  status?: OperationStatus | OperationStatus[] | undefined;
  currency?: Currency | undefined;
  /** Begun from this instant on. */
  from?: Date | undefined;
  /** Begun before this instant. */
  to?: Date | undefined;
  /** Of one of these amounts, without or with its fee: what was typed may mean one in each currency. */
  amounts?: readonly Money[] | undefined;
  /** Part of a name, number, reference or note, or an amount. */
  text?: string | undefined;
}

/** A page of history. */
export interface ListOperations extends FilterOperations {
  /** `nextCursor` of the page before. */
  cursor?: string | undefined;
  /** 1 to 100. */
  limit: number;
}
