export {
  currentUser,
  isGoogleEnabled,
  requireUserOrRedirect,
  type SignedInUser,
  signInWithGoogleRedirect,
  signInWithPassword,
  signOutUser,
} from "@/lib/auth";
export { safePath } from "@/lib/auth/safe-path";
