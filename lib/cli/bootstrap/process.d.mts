/** True while a process with this id runs; a zombie doesn't. */
export function isAlive(pid: number): boolean;
/** When a process began, as an opaque text; undefined when unknown. */
export function processMark(pid: number): string | undefined;
/** A process's program and arguments as one line; undefined when unknown. */
export function commandLine(pid: number): string | undefined;
