import { modeOf, shellLine, type Finding, type Rendered } from "../../platforms/index.ts";
import { visibleText } from "../../shared/index.ts";

const visible = (text: string): string => text.split("\n").map(visibleText).join("\n");

/** What `--apply` would write and run. */
export function formatRendered({ files, commands, notes }: Rendered, folder: string): string {
  const parts: string[] = [];
  for (const file of files) {
    const facts = `${Buffer.byteLength(file.text)} bytes, mode ${modeOf(file).toString(8)}`;
    parts.push(`── ${visibleText(`${folder}/${file.path}`)} (${facts})\n${visible(file.text).trimEnd()}\n`);
  }
  if (commands.length > 0) parts.push("── commands");
  for (const { argv, otherwise } of commands) {
    parts.push(`$ ${visible(shellLine(argv))}`);
    if (otherwise !== undefined) parts.push(`  if that fails: $ ${visible(shellLine(otherwise))}`);
  }
  for (const note of notes) parts.push(`note: ${note}`);
  parts.push("A dry run: nothing was written or run. --apply does exactly this.");
  return `${parts.join("\n")}\n`;
}

/** What was written and run. */
export function formatDone({ files, commands }: Rendered, folder: string): string {
  const lines = files.map((file) => `wrote ${visibleText(`${folder}/${file.path}`)}`);
  lines.push(...commands.map(({ argv }) => `ran ${visible(shellLine(argv))}`));
  return `${lines.join("\n")}\n`;
}

/** One line a finding. */
export function formatCheck(title: string, findings: readonly Finding[]): string {
  const mark = { ok: "ok     ", wrong: "WRONG  ", unknown: "unknown" } as const;
  const lines = findings.map((one) => {
    const code = one.code === undefined ? "" : ` [${one.code}]`;
    const hint = one.hint === undefined || one.state === "ok" ? "" : `\n         ${one.hint}`;
    return `${mark[one.state]}  ${one.name}: ${visibleText(one.found)}${code}${hint}`;
  });
  return `${title}\n${lines.join("\n")}\n`;
}
