/** Installs, builds and starts everything; ends the process. */
export function main(flags: string[]): Promise<void>;
