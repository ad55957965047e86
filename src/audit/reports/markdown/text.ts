import { markdownText as plain, visibleText } from "../../../shared/index.ts";

export { plain };

/** Text as inline code. `|` is escaped for tables, where GitHub splits cells even inside code. */
export function inlineCode(text: string): string {
  const visible = visibleText(text).replaceAll("|", "\\|");
  if (visible === "") return "` `";
  let fence = "`";
  while (visible.includes(fence)) fence += "`";
  const pad = visible.startsWith("`") || visible.endsWith("`") ? " " : "";
  return `${fence}${pad}${visible}${pad}${fence}`;
}

/** A message of the report: what stands between its quotes is code, the rest plain text. */
export function message(text: string): string {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? inlineCode(part) : plain(part)))
    .join("");
}

/** `path:line` as code. */
export function spot(path: string, line?: number): string {
  return inlineCode(line === undefined ? path : `${path}:${line}`);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [
    `| ${head.join(" | ")} |`,
    `|${head.map(() => "---").join("|")}|`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
    "",
  ];
}
