import { afterAll } from "vitest";
import { overrideChannels } from "@/lib/messaging/registry";
import { overrideProviders } from "@/lib/providers/registry";

// The files of a worker share these modules: what one of them overrides, the next would find.
afterAll(() => {
  overrideProviders(null);
  overrideChannels(null);
});
