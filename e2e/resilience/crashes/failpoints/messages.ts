import type { Context } from "@/lib/services/context";
import type { VerbName } from "./verbs";

type Asked =
  | { ask: "begin" | "disarm" | "passes" | "sweep" }
  | { ask: "arm"; point: string; pass: number; tellIn: string }
  | { ask: "shift"; ms: number }
  | { ask: "verb"; verb: VerbName; actor: Context["actor"]; given: unknown[] };

/** What the proof asks of its instrumented child. */
export type Question = Asked & { id: number };
export type Unnumbered = Asked;

/** `refused` is a DomainError's code, null for anything else. Number 0: it is loaded. */
export type Answer = { id: number } & ({ value: unknown } | { refused: string | null; problem: unknown });
