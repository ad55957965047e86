import { enterValue, splitAssignment } from "./arguments.ts";
import { ShellLexer } from "./lexer.ts";
import type { ShellState } from "./state.ts";
import type { Comment, Word } from "./tokens.ts";
import { bareStart } from "./word-span.ts";

const directive = /#(?:SBATCH|PBS|BSUB|\$)[ \t]+/y;

/** `#SBATCH --output=logs/%j.out`: options of the batch system. */
export function readDirective(state: ShellState, { start, end }: Comment): void {
  directive.lastIndex = start;
  if (!directive.test(state.text)) return;
  const lexer = new ShellLexer(state.text, directive.lastIndex, end);
  const words: Word[] = [];
  for (let token = lexer.next(); token?.type === "word"; token = lexer.next()) words.push(token);
  for (const [at, word] of words.entries()) {
    const split = splitAssignment(word);
    const name = split?.name ?? bareStart(word);
    const value = split?.value ?? words[at + 1];
    if (value === undefined) continue;
    if (/^(?:-o|-e|--output|--error)$/.test(name)) {
      enterValue(state, value, {
        key: name.replace(/^-+/, ""),
        use: "write",
        strength: "weak",
        certain: true,
      });
    } else if (/^(?:-D|--chdir|-d|--workdir)$/.test(name)) {
      enterValue(state, value, { key: "chdir", certain: true, strength: "soft", kind: "command" });
      state.changeFolder(state.evaluate(value).value, "cd");
    }
  }
}
