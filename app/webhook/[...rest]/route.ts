import { answerFromTable } from "@/lib/api/assemble";

// For wherever only Next runs: our own server answers these before Next is asked.
export const GET = answerFromTable;
export const HEAD = answerFromTable;
export const OPTIONS = answerFromTable;
export const POST = answerFromTable;
export const PUT = answerFromTable;
export const PATCH = answerFromTable;
export const DELETE = answerFromTable;
