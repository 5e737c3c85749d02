import { doors } from "./access/scenario";
import { failpoints } from "./crashes/failpoints/scenario";
import { restarts } from "./crashes/kills/restarts-scenario";
import { kills } from "./crashes/kills/scenario";
import { requests } from "./fuzzing/scenario";
import { histories } from "./histories/scenario";
import { leaks } from "./leaks/scenario";
import { sabotage } from "./mutations/scenario";
import { deposits } from "./provider-faults/deposits-scenario";
import { payouts } from "./provider-faults/payouts-scenario";
import { races } from "./races/scenario";
import { restore } from "./restore/scenario";
import type { Scenario } from "./scenario";
import { tampering } from "./tampering/scenario";

/** Every goal, in the order in which they run. The slice takes them in turn for its two lanes: each adds up to the same. */
export const SCENARIOS: readonly Scenario[] = [
  histories,
  races,
  requests,
  deposits,
  payouts,
  kills,
  restarts,
  restore,
  failpoints,
  tampering,
  doors,
  leaks,
  sabotage,
];
