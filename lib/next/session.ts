// What pages and actions use of signing in.
export { currentDevice } from "@/lib/auth/current-device";
export { currentUser, requireUserOrRedirect, type SignedInUser } from "@/lib/auth/current-user";
export { safePath } from "@/lib/auth/safe-path";
export { forgetSecondStep, userOfSecondStep } from "@/lib/auth/second-step";
export {
  isGoogleEnabled,
  signInAfterSignUp,
  signInAuthenticated,
  signInWithGoogleRedirect,
  signInWithPassword,
  signOutUser,
} from "@/lib/auth/sign-in";
