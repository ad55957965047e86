// Peak memory of an export beside the number of records, each in a process of its own.
// npx tsx bench/progress-export.ts [sessions, default 20000]
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import {
  exportClient,
  exportFormats,
  inferencePrincipal,
  inTransaction,
  localOperator,
  openStore,
  sessions,
  type ExportFormat,
} from "../src/progress/index.ts";

const peakMb = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

async function fill(home: string, count: number): Promise<void> {
  const store = await openStore(home);
  const call = { store, principal: inferencePrincipal(store, "bench") };
  const start = store.now();
  for (let from = 0; from < count; from += 500)
    inTransaction(store, () => {
      for (let index = from; index < Math.min(count, from + 500); index += 1)
        sessions.recordSession(
          call,
          sessions.sessionSchema.parse({
            client_id: "synthetic",
            session_id: `s-${index}`,
            kind: index % 3 === 0 ? "ai" : "human",
            progress_notes: "Synthetic note ".repeat(60),
            authored_at: new Date(start - index * 60_000).toISOString(),
          }),
        );
    });
  store.close();
}

async function once(home: string, format: ExportFormat): Promise<void> {
  const store = await openStore(home);
  const principal = localOperator(store, "bench", "supervisor");
  if (principal === undefined) throw new Error("no operator");
  const before = peakMb();
  const start = performance.now();
  let bytes = 0;
  const stream = await exportClient({ store, principal }, "synthetic", format).open();
  for await (const piece of stream as AsyncIterable<Buffer>) bytes += piece.length;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(
    `${format}: ${(bytes / 1e6).toFixed(1)} MB in ${seconds} s, peak ${before} -> ${peakMb()} MB\n`,
  );
  store.close();
}

const [first = "20000", home, format] = process.argv.slice(2);
if (home !== undefined) await once(home, format as ExportFormat);
else {
  const folder = mkdtempSync(join(tmpdir(), "export-bench-"));
  for (const count of [Math.ceil(Number(first) / 100), Number(first)]) {
    const of = join(folder, String(count));
    await fill(of, count);
    process.stdout.write(`${count} sessions\n`);
    for (const one of exportFormats)
      process.stdout.write(
        execFileSync(process.execPath, ["--import", "tsx", import.meta.filename, "once", of, one], {
          encoding: "utf8",
        }),
      );
  }
  rmSync(folder, { recursive: true, force: true });
}
