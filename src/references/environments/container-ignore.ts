/** Which files of a build context a `.dockerignore` leaves out. Paths are relative to the context. */
export type ContainerIgnore = (path: string) => boolean;

/** One rule: its pattern and whether it takes files back in (`!`). */
export type IgnoreRule = { pattern: string; isException: boolean };

function toExpression(pattern: string): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern.charAt(at);
    if (letter === "*") {
      if (pattern.charAt(at + 1) === "*") {
        at += 1;
        if (pattern.charAt(at + 1) === "/") {
          at += 1;
          source += "(?:.*/)?";
        } else source += ".*";
      } else source += "[^/]*";
    } else if (letter === "?") source += "[^/]";
    else if (letter === "[") {
      const close = pattern.indexOf("]", at + 2);
      if (close < 0) source += "\\[";
      else {
        source += `[${pattern
          .slice(at + 1, close)
          .replace(/^!/, "^")
          .replace(/\\/g, "\\\\")}]`;
        at = close;
      }
    } else source += letter.replace(/[\\^$.|+(){}\]]/, "\\$&");
  }
  // A rule for a folder covers what lies below it.
  return new RegExp(`^${source}(?:/.*)?$`);
}

/** Docker's rules: anchored at the context, the last match wins (https://docs.docker.com/build/concepts/context/). */
export function containerIgnore(rules: readonly IgnoreRule[]): ContainerIgnore {
  const compiled: { expression: RegExp; isException: boolean }[] = [];
  for (const { pattern, isException } of rules) {
    const clean = pattern.replace(/^\.?\/+|\/+$/g, "");
    if (clean === "") continue;
    try {
      compiled.push({ expression: toExpression(clean), isException });
    } catch {
      // A pattern that is no pattern matches nothing, as Docker rejects it.
    }
  }
  return (path) => {
    let isIgnored = false;
    for (const { expression, isException } of compiled)
      if (isIgnored === isException && expression.test(path)) isIgnored = !isException;
    return isIgnored;
  };
}
