/** Appends a list of any length: a spread of many arguments overflows the stack. */
export function appendAll<Item>(list: Item[], more: readonly Item[]): void {
  for (const one of more) list.push(one);
}
