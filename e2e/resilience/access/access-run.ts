import type { Deployment } from "../deployment";
import type { Target } from "./bypass-variants";
import type { Caller } from "./callers";
import type { Sample } from "./cells";
import type { CredentialIssuer } from "./issue-credentials";
import type { People } from "./people";

/** What all cells of a run share. */
export interface AccessRun {
  deployment: Deployment;
  people: People;
  callers: readonly Caller[];
  issuer: CredentialIssuer;
  target: Target;
  sample: Sample;
  tally: Tally;
}

export interface Tally {
  cells: number;
  /** Names of the endpoints that had to refuse a caller, and of those that had to allow one. */
  refusing: Set<string>;
  allowing: Set<string>;
  /** Responses to the owner in which the owner's private data stood: it is recognized where it belongs. */
  ownData: number;
}
