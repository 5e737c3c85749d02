import { ACCESS_MUTATIONS } from "./access-mutations";
import { BOUNDARY_MUTATIONS } from "./boundary-mutations";
import { MONEY_MUTATIONS } from "./money-mutations";
import type { Mutation } from "./mutation";
import { SQL_MUTATIONS } from "./sql-mutations";

/** Defects of TypeScript that Stryker's operators don't make: a call, lock, condition or option is missing, or a value wrong. */
export const CODE_MUTATIONS: readonly Mutation[] = [
  ...MONEY_MUTATIONS,
  ...ACCESS_MUTATIONS,
  ...BOUNDARY_MUTATIONS,
];

export { SQL_MUTATIONS };

/** Every mutation of the lists; its index is its case number. */
export const MUTATIONS: readonly Mutation[] = [...SQL_MUTATIONS, ...CODE_MUTATIONS];
