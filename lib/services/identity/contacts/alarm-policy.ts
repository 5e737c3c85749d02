/** How long the link in the message to a former contact works. */
export const ALARM_HOURS = 72;

/** How long nothing goes out after it was used: enough to reach the deployment's help on a Monday. */
export const ALARM_STOP_HOURS = 72;
