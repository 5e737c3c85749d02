export { handlers } from "./auth";
export { currentUser, requireUserOrRedirect, type SignedInUser } from "./current-user";
export { isGoogleEnabled, signInWithGoogleRedirect, signInWithPassword, signOutUser } from "./sign-in";
