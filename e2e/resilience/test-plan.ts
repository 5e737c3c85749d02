import { randomFrom } from "./random";
import type { ScenarioPlan } from "./scenario";

/** The plan of a smoke run for tests of scenarios: `count` cases, or as many as the scenario asks for at least. */
export function testPlan(count?: number): ScenarioPlan {
  return {
    seed: "7",
    random: (number) => randomFrom(`7/test/${number}`),
    *cases({ least = 1 } = {}) {
      for (let number = 0; number < (count ?? least); number += 1) yield number;
    },
    isSmoke: true,
    leftMs: () => 0,
    signal: new AbortController().signal,
    home: "",
    progress: () => {},
  };
}
