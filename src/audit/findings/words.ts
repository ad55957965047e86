/** `1 file`, `2 files`, with thousands set apart. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(items: readonly string[], most = 3): string {
  if (items.length <= 1) return items[0] ?? "";
  if (items.length > most) {
    const shown = items.slice(0, most - 1);
    return `${shown.join(", ")} and ${(items.length - shown.length).toLocaleString("en-US")} more`;
  }
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** A text in the quotes of the reports; a quote inside it becomes an escape, so that quotes always pair. */
export function code(text: string): string {
  return `\`${text.replaceAll("`", "\\u0060")}\``;
}

/** A path in the quotes of the reports; the root has a name. */
export function quoted(path: string): string {
  return path === "" ? "the root folder" : code(path);
}
