import { z } from "zod";
import { getMoneyRequest } from "@/lib/services/money-requests/get-money-request";
import { defineCall } from "../define-call";
import { presentRequest, requestAnswer } from "./request-answer";

/** GET /api/wallet/requests/{id}: how a request for money stands. */
export const getRequest = defineCall(
  {
    method: "GET",
    path: "/api/wallet/requests/{id}",
    tag: "Wallet",
    summary: "Status of a request for money",
    access: { permission: "read" },
    params: z.object({ id: z.string().max(64) }),
    answer: { status: 200, description: "How it stands.", schema: requestAnswer },
    errors: ["not_found"],
  },
  async ({ context, params }) => ({ body: presentRequest(await getMoneyRequest(context, params.id)) }),
);
