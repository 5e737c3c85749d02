/** The one source of the current time for code that is handed a clock. Deadlines of money use the database's clock. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
