import { answerFromTable } from "@/lib/api/process-api";

// Only for deployments that run Next alone: our own server answers these paths before they reach Next.
export const GET = answerFromTable;
export const HEAD = answerFromTable;
export const OPTIONS = answerFromTable;
export const POST = answerFromTable;
export const PUT = answerFromTable;
export const PATCH = answerFromTable;
export const DELETE = answerFromTable;
