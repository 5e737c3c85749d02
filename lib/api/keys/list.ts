import { z } from "zod";
import { listApiKeys } from "@/lib/services/api-access/keys/list-api-keys";
import { defineCall } from "../define-call";
import { keyAnswer, presentKey } from "./key-answer";

/** GET /api/keys/list: a bare array, newest first. */
export const listKeys = defineCall(
  {
    method: "GET",
    path: "/api/keys/list",
    tag: "API keys",
    summary: "List API keys",
    access: "person",
    answer: { status: 200, description: "The keys, newest first.", schema: z.array(keyAnswer) },
    errors: [],
  },
  async ({ context }) => ({ body: (await listApiKeys(context)).map(presentKey) }),
);
