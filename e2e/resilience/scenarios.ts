import { access } from "./access/scenario";
import { failpoints } from "./crashes/failpoints/scenario";
import { kills, restarts } from "./crashes/kills/scenario";
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

/**
 * Every scenario, in the order in which they run. A smoke run deals them out alternately to two processes: the order keeps
 * both about equally long.
 */
export const SCENARIOS: readonly Scenario[] = [
  histories,
  races,
  fuzzing,
  depositFaults,
  payoutFaults,
  kills,
  restarts,
  restore,
  failpoints,
  tampering,
  access,
  leaks,
  mutations,
];
