import { access } from "./access/scenario";
import { failpoints } from "./crashes/failpoints/scenario";
import { kills } from "./crashes/under-load/kills";
import { restarts } from "./crashes/under-load/restarts";
import { fuzzing } from "./fuzzing/scenario";
import { histories } from "./histories/scenario";
import { leaks } from "./leaks/scenario";
import { mutations } from "./mutations/scenario";
import { depositFaults } from "./provider-faults/deposits";
import { payoutFaults } from "./provider-faults/payouts";
import { races } from "./races/scenario";
import { restore } from "./restore/scenario";
import type { Scenario } from "./scenario";
import { tampering } from "./tampering/scenario";
import { tontines } from "./tontines/scenario";

/** A scenario with what has to be known before it runs. */
export interface ScheduledScenario extends Scenario {
  /** Seconds that it takes at least on two cores; it isn't run with less time. */
  leastSeconds: number;
  /** The count or fault that the table at the end shows, and what it is called there. */
  unit: string;
  unitName?: string;
  /** True: needs the pages, which Next has to build first. */
  needsPages?: boolean;
}

/**
 * Every scenario. A smoke run deals them out alternately to two processes: the order keeps both about equally long.
 */
export const SCENARIOS: readonly ScheduledScenario[] = [
  { ...histories, leastSeconds: 15, unit: "histories", needsPages: true },
  { ...races, leastSeconds: 13, unit: "rounds", unitName: "races" },
  { ...tontines, leastSeconds: 20, unit: "histories" },
  { ...fuzzing, leastSeconds: 19, unit: "requests", needsPages: true },
  { ...depositFaults, leastSeconds: 21, unit: "deposits" },
  { ...payoutFaults, leastSeconds: 12, unit: "payouts" },
  { ...kills, leastSeconds: 25, unit: "kills" },
  { ...restarts, leastSeconds: 40, unit: "restarts" },
  { ...restore, leastSeconds: 65, unit: "restores" },
  { ...failpoints, leastSeconds: 23, unit: "crashes" },
  { ...tampering, leastSeconds: 70, unit: "tamperings" },
  { ...access, leastSeconds: 480, unit: "endpoints", needsPages: true },
  { ...leaks, leastSeconds: 130, unit: "canaries", needsPages: true },
  { ...mutations, leastSeconds: 240, unit: "mutations" },
];
