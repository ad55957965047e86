const mostBytes = 1024 * 1024;

/** The data of server-sent events, whatever the line ends and wherever the bytes are cut (WHATWG HTML, part 9.2). */
export async function* serverEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let open = "";
  let data: string[] = [];
  for await (const bytes of body) {
    open += decoder.decode(bytes, { stream: true });
    if (open.length > mostBytes) throw new SyntaxError("an event longer than a megabyte");
    // A carriage return at the very end may be half of a line end.
    const lines = open.split(/\r\n|\n|\r(?!$)/u);
    open = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data:")) data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
      else if (line === "" && data.length > 0) {
        yield data.join("\n");
        data = [];
      }
    }
  }
  decoder.decode();
  if (open.startsWith("data:")) data.push(open.slice(open.startsWith("data: ") ? 6 : 5).trimEnd());
  if (data.length > 0) yield data.join("\n");
}
