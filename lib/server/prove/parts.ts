import { deposits } from "./deposits";
import { doors } from "./doors";
import { failpoints } from "./failpoints";
import { histories } from "./histories";
import { kills } from "./kills";
import { leaks } from "./leaks";
import type { Part } from "./part";
import { payouts } from "./payouts";
import { races } from "./races";
import { requests } from "./requests";
import { restarts } from "./restarts";
import { restore } from "./restore";
import { sabotage } from "./sabotage";
import { tampering } from "./tampering";

/** Every goal, in the order in which they run. The slice takes them in turn for its two lanes: each adds up to the same. */
export const PARTS: readonly Part[] = [
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
