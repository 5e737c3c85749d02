/** A reason not to start that its message says in one sentence: people see it without a stack trace. */
export class StartError extends Error {
  override name = "StartError";
  /** The launcher's plain JavaScript asks for this instead of for the class. */
  readonly forPeople = true;
}
