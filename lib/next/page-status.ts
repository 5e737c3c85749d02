// For pages, which import nothing of lib/http themselves.
export { setResponseStatus } from "@/lib/http/response-status";
