import { flowCookie } from "./flow-cookie";

/** The recovery of a forgotten password that this browser began. */
export const recoveryCookie = flowCookie("recovery");
