import { visibleText } from "../../shared/index.ts";
import type { AxolotlConfig } from "../../training/index.ts";

/** The files that were written, the commands that train by them, and what differs there. */
export function formatAxolotl(rendered: AxolotlConfig, out: string | undefined): string {
  const files =
    out === undefined
      ? rendered.files.map(({ name, text }) => `# ${name}\n${text}`)
      : rendered.files.map(({ name }) => `wrote ${visibleText(out)}/${name}\n`);
  const commands = rendered.commands.map((words) => `# ${words.join(" ")}\n`);
  return [...files, ...commands, ...rendered.notes.map((note) => `# note: ${note}\n`)].join("");
}
