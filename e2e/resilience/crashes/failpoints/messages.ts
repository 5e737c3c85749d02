import type { Context } from "@/lib/services/context";
import type { VerbName } from "./verbs";

export type ChildRequestBody =
  | { type: "begin" | "disarm" | "sweep" }
  | { type: "arm"; failpoint: string; hit: number; markerFile: string }
  | { type: "shift"; ms: number }
  | { type: "verb"; verb: VerbName; actor: Context["actor"]; args: unknown[] };

/** A request of the crash harness to its instrumented child process. */
export type ChildRequest = ChildRequestBody & { id: number };

/** `refused` is a DomainError's code, null for another error. Id 0 says that the child has loaded. */
export type ChildResponse = { id: number } & (
  | { value: unknown }
  | { refused: string | null; problem: unknown }
);
