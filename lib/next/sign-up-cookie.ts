import { flowCookie } from "./flow-cookie";

/** The sign-up that this browser began. */
const cookie = flowCookie("sign_up");

export const keepStartedSignUp = cookie.keep;
export const startedSignUpId = cookie.read;
export const forgetStartedSignUp = cookie.forget;
