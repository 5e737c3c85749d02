import { webhookRoute } from "@/lib/api/webhooks";
import { database } from "@/lib/web/current-context";

export const POST = webhookRoute("getmipay", database);
