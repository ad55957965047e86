const mostBytes = 1024 * 1024;
const lineEnd = /\r\n|\n|\r(?!$)/u;
const dataOf = (line: string): string => line.slice(line.startsWith("data: ") ? 6 : 5);

/**
 * The data of server-sent events, whatever the line ends and wherever the bytes are cut (WHATWG HTML, part 9.2); what comes
 * in one read comes as one list, so that a busy server costs no wake-up an event.
 */
export async function* eventLists(body: AsyncIterable<Uint8Array>): AsyncGenerator<string[], void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let open = "";
  let data: string[] = [];
  for await (const bytes of body) {
    open += decoder.decode(bytes, { stream: true });
    if (open.length > mostBytes) throw new SyntaxError("an event longer than a megabyte");
    // A carriage return at the very end may be half of a line end.
    const lines = open.includes("\r") ? open.split(lineEnd) : open.split("\n");
    open = lines.pop() ?? "";
    const events: string[] = [];
    for (const line of lines) {
      if (line.startsWith("data:")) data.push(dataOf(line));
      else if (line === "" && data.length > 0) {
        events.push(data.length === 1 ? (data[0] as string) : data.join("\n"));
        data = [];
      }
    }
    if (events.length > 0) yield events;
  }
  decoder.decode();
  if (open.startsWith("data:")) data.push(dataOf(open).trimEnd());
  if (data.length > 0) yield [data.join("\n")];
}

/** The same one by one. */
export async function* serverEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  for await (const events of eventLists(body)) yield* events;
}

/** Lines of a body, those of one read as one list; for newline-delimited JSON. */
export async function* lineLists(body: AsyncIterable<Uint8Array>): AsyncGenerator<string[], void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let open = "";
  for await (const bytes of body) {
    open += decoder.decode(bytes, { stream: true });
    if (open.length > mostBytes) throw new SyntaxError("a line longer than a megabyte");
    const lines = open.split("\n");
    open = lines.pop() ?? "";
    const whole = lines.filter((line) => line.trim() !== "");
    if (whole.length > 0) yield whole;
  }
  decoder.decode();
  if (open.trim() !== "") yield [open];
}
