import { healthReady } from "@/lib/api/health";
import { database } from "@/lib/web/current-context";

export const dynamic = "force-dynamic";

export const GET = healthReady(database);
