/** A file that a platform needs. `path` is relative to the folder it is written into; `mode` default 0644. */
export type RenderedFile = { path: string; text: string; mode?: number };

/**
 * One command line, run without a shell. `keep` names its trimmed standard output, which a later command takes in by
 * `{name}`; `otherwise` runs where it fails.
 */
export type Command = { argv: readonly string[]; keep?: string; otherwise?: readonly string[] };

/** What an action writes and runs: exactly this, nothing else. */
export type Rendered = { files: RenderedFile[]; commands: Command[]; notes: string[] };

/** The mode of a rendered file. */
export const modeOf = (file: RenderedFile): number => file.mode ?? 0o644;

/** A command line as a shell would take it. */
export function shellLine(argv: readonly string[]): string {
  return argv.map(shellWord).join(" ");
}

/** One word for a POSIX shell. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
