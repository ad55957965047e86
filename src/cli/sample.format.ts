import { visibleText } from "../shared/index.ts";
import type { WrittenSample } from "../sample/index.ts";

/** What was written, in three lines, with the next command. */
export function sampleText({ folder, answers, files, bytes, commits }: WrittenSample): string {
  const size = bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const history = commits === 0 ? "no git" : `${commits} commits`;
  return [
    `Wrote ${files} synthetic files (${size}, ${history}) to ${visibleText(folder)}`,
    `The key of what is planted: ${visibleText(answers)}`,
    `Next: training-ready audit --repo ${visibleText(folder)}`,
    "",
  ].join("\n");
}
