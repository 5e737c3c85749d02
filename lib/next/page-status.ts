// For pages, which import nothing of lib/http themselves.
export { isUnavailable, OUTAGE_RETRY_SECONDS } from "@/lib/http/first-query";
export { addResponseHeader, setResponseStatus } from "@/lib/http/response-status";
