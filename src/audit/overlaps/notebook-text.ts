type Cell = { cell_type?: unknown; source?: unknown };

/** A notebook's cells as one text, outputs and metadata left out; undefined if it is no notebook. */
export function notebookText(text: string): string | undefined {
  let parsed: { cells?: unknown; worksheets?: { cells?: unknown }[] };
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    return undefined; // the references layer reports the syntax
  }
  const cells = parsed?.cells ?? parsed?.worksheets?.[0]?.cells;
  if (!Array.isArray(cells)) return undefined;
  const parts: string[] = [];
  for (const cell of cells as Cell[]) {
    const { source } = cell ?? {};
    const body = Array.isArray(source) ? source.join("") : typeof source === "string" ? source : "";
    // A cell's text is no code of the next one, whatever it leaves open.
    parts.push(cell?.cell_type === "code" ? body : body.replaceAll(/['"`]/g, ""), "\n\n");
  }
  return parts.join("");
}
