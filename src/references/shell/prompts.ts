const prompt = /^[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:[\w.-]+@[\w.-]+(?::\S*)?[ \t]*)?[$%#][ \t]+(?=\S)/;

function blank(line: string): string {
  return line.replace(/[^\r\n]/g, " ");
}

/**
 * Documentation shows prompts: where a line begins with `$ `, only such lines (and what a `\` continues) are commands.
 * Everything else becomes blanks, so that positions stay.
 */
export function maskPrompts(text: string): string {
  if (!/^[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:[\w.-]+@[\w.-]+(?::\S*)?[ \t]*)?[$%][ \t]+\S/m.test(text))
    return text;
  let continues = false;
  return text
    .split(/(?<=\n)/)
    .map((line) => {
      const found = continues ? /^[ \t]*>[ \t]/.exec(line) : prompt.exec(line);
      if (found === null && !continues) return blank(line);
      continues = /\\[ \t]*\r?\n?$/.test(line);
      return found === null ? line : " ".repeat(found[0].length) + line.slice(found[0].length);
    })
    .join("");
}
