/** The requirement lines of a pip requirements file: comments, blank lines and white space aside, continuations joined. */
export function requirementLines(text: string): string[] {
  return text
    .replaceAll(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/(?:^|\s)#.*$/, "")
        .trim()
        .replaceAll(/\s+/g, " "),
    )
    .filter((line) => line !== "");
}

/**
 * What a requirements file asks for, by name: the specifier with extras and marker, or the address. Options (`-r …`)
 * stand under their own text. Names are normalised as PEP 503 says.
 */
export function requirementsByName(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of requirementLines(text)) {
    const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*(.*)$/.exec(line);
    if (match === null || line.startsWith("-") || /^[a-z+]+:\/\//i.test(line)) {
      const [option = line, ...rest] = line.split(/[ =](.*)/s);
      const isOption = line.startsWith("-");
      found.set(isOption ? `${option} ${rest[0] ?? ""}`.trim() : line, isOption ? "set" : "address");
      continue;
    }
    const name = (match[1] as string).toLowerCase().replaceAll(/[-_.]+/g, "-");
    const extras = (match[2] ?? "").replaceAll(/\s/g, "");
    const specifier = (match[3] ?? "").replaceAll(/\s*([<>=!~]=?=?|,|;)\s*/g, "$1").replaceAll(";", "; ");
    found.set(name, `${extras}${specifier}` || "any");
  }
  return found;
}
