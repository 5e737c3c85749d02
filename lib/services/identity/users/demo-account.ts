import { config } from "@/lib/config";

/** Exists only while no real provider is configured; production refuses to start beside it. */
export const DEMO_ACCOUNT = {
  email: "demo@cauris.test",
  phone: "+22670000001",
  password: "cauris-demo-2026",
  /** Signs payments and approvals in the demo's wallet and tontine. */
  pin: "2604",
} as const;

/** How to sign in to a demonstration; null when this isn't one. */
export function findDemoAccount(): typeof DEMO_ACCOUNT | null {
  return config().mode === "demo" ? DEMO_ACCOUNT : null;
}
