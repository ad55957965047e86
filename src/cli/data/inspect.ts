import { z } from "zod";
import { findRecords, listSidecar, readManifest, readPlace, writeDataReport } from "../../data/index.ts";
import { TrainingReadyError, visibleText } from "../../shared/index.ts";
import { defineCommand } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { dataFlags, dataFolders, outFolder } from "./folders.ts";
import { formatHistories, formatPlaces } from "./inspect.format.ts";

export default defineCommand({
  name: "inspect",
  summary: "Look at a record's history, at what was dropped or went to quarantine, or at the whole as a page",
  arguments: [{ name: "ID", description: "id of a record, or the beginning of it" }],
  options: z.strictObject({
    home: dataFlags.home,
    config: dataFlags.config,
    out: dataFlags.out,
    dropped: z
      .boolean()
      .default(false)
      .meta({ description: "list what was dropped, why, and for which record" }),
    quarantine: z.boolean().default(false).meta({ description: "list what gave no record, and why" }),
    text: z
      .boolean()
      .default(false)
      .meta({ description: "read the listed places again from the sources and show their bytes" }),
    report: z.string().optional().meta({
      description: "write a page of counts and pictures, without any text of records",
      value: "FILE",
    }),
    most: z.int().min(1).default(20).meta({ description: "lines or records to show at most" }),
  }),
  examples: [
    {
      line: "training-ready data inspect 3fa8 --out built",
      does: "shows the record whose id begins with 3fa8",
    },
    {
      line: "training-ready data inspect --report report.html",
      does: "writes counts and pictures of the data set to report.html",
    },
    {
      line: "training-ready data inspect --quarantine --text",
      does: "shows unusable items with their bytes",
    },
  ],
  async run({ options, arguments: [id] }, context) {
    const out = outFolder(options, context);
    const manifest = await readManifest(out);
    if (options.report !== undefined) {
      const report = userPath(context, options.report);
      await writeDataReport(out, manifest, report);
      return {
        exitCode: 0,
        document: { out, root: manifest.root, report },
        text: `${visibleText(report)}\n`,
      };
    }
    if (id !== undefined) {
      const records = await findRecords(out, manifest, id, options.most);
      if (records.length === 0) {
        throw new TrainingReadyError("E_DATA_RECORD", `no record's id begins with ${id}`, { exitCode: 1 });
      }
      return { exitCode: 0, document: { out, records }, text: formatHistories(records) };
    }
    const kind = options.dropped ? "dropped" : options.quarantine ? "quarantine" : undefined;
    if (kind === undefined) {
      throw new TrainingReadyError(
        "E_CLI_ARGUMENT",
        "data inspect needs an ID, --dropped, --quarantine or --report FILE",
      );
    }
    const places: ((typeof lines)[number] & { text?: string })[] = [];
    const lines = await listSidecar(out, manifest, kind, options.most);
    const from = options.text ? await dataFolders(options, context) : undefined;
    for (const line of lines) {
      const text =
        from === undefined ? undefined : await readPlace(from.config.data, from.folder, manifest, line);
      places.push(text === undefined ? line : { ...line, text });
    }
    return { exitCode: 0, document: { out, [kind]: places }, text: formatPlaces(places) };
  },
});
