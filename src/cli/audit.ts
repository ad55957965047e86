import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { audit } from "../audit/index.ts";
import {
  baselineOf,
  explainFinding,
  fails,
  findingsById,
  markKnown,
  parseBaseline,
  proposeManifest,
  sealReport,
  type AuditReport,
  type Finding,
} from "../audit/index.ts";
import { manifestFileName, manifestText } from "../home/index.ts";
import {
  cacheFolder,
  didYouMean,
  drain,
  tool,
  TrainingReadyError,
  visibleText,
  writeFileAtomic,
} from "../shared/index.ts";
import { auditFiles, auditText } from "./audit.format.ts";
import { defineCommand, type CommandContext } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";

async function readBaseline(context: CommandContext, path: string) {
  let text: string;
  try {
    text = await readFile(userPath(context, path), "utf8");
  } catch (cause) {
    throw new TrainingReadyError("E_FILE_MISSING", `${path} cannot be read`, {
      cause,
      hint: "Make it with `training-ready audit --write-baseline FILE`.",
    });
  }
  return parseBaseline(text, path);
}

function oneFinding(report: AuditReport, id: string): Finding {
  const found = findingsById(report, id);
  const only = found[0];
  if (only !== undefined && (found.length === 1 || only.id === id)) return only;
  const ids = report.findings.map((one) => one.id);
  throw new TrainingReadyError(
    "E_FINDING_UNKNOWN",
    found.length > 1
      ? `${found.length} findings have an id that starts with ${id}`
      : `no finding has the id ${id}.${didYouMean(id, ids)}`,
  );
}

export default defineCommand({
  name: "audit",
  summary: "Find packages, overlaps, references, imports and missing files",
  description:
    "Reads the repository as it stands on disk and writes nothing into it. Exits 1 if it finds what --fail-on names.",
  arguments: [
    { name: "PATH", description: "folders to take as packages; default: all that are found", variadic: true },
  ],
  options: z.strictObject({
    repo: z
      .string()
      .optional()
      .meta({ description: "the repository; default: the one around the working directory", value: "DIR" }),
    out: z
      .string()
      .optional()
      .meta({ description: "write audit.html, .md, .json, .sarif and home.json here", value: "DIR" }),
    config: z.string().optional().meta({ description: "the training-ready.yaml to use", value: "FILE" }),
    failOn: z
      .enum(["error", "warning", "note", "never"])
      .default("error")
      .meta({ description: "least severity that makes the exit code 1", value: "SEVERITY" }),
    baseline: z
      .string()
      .optional()
      .meta({ description: "findings that are known: only new ones fail", value: "FILE" }),
    writeBaseline: z
      .string()
      .optional()
      .meta({ description: "record the present findings as known", value: "FILE" }),
    explain: z.string().optional().meta({ description: "tell everything about one finding", value: "ID" }),
  }),
  examples: [
    {
      line: "training-ready audit --repo ../project",
      does: "audits a repository and prints what to fix first",
    },
    {
      line: "training-ready audit --out report",
      does: "also writes the report as HTML, Markdown, JSON and SARIF",
    },
    {
      line: "training-ready audit --write-baseline baseline.json",
      does: "records what is known, so that later only new findings fail",
    },
    {
      line: "training-ready audit --baseline baseline.json --fail-on warning",
      does: "fails on new errors and warnings",
    },
  ],
  async run({ options, arguments: paths }, context) {
    const folder = userPath(context, options.repo ?? ".");
    const baseline =
      options.baseline === undefined ? undefined : await readBaseline(context, options.baseline);
    const result = await drain(
      audit({
        folder,
        cacheFolder: cacheFolder(context.environment),
        pins: paths,
        today: new Date().toISOString().slice(0, 10),
        ...(options.config === undefined ? {} : { configPath: userPath(context, options.config) }),
      }),
      context.progress,
    );
    const marked = baseline === undefined ? undefined : markKnown(result.report.findings, baseline);
    const report = sealReport(
      marked === undefined
        ? result.report
        : {
            ...result.report,
            findings: marked.findings,
            summary: {
              ...result.report.summary,
              known: marked.findings.filter((one) => one.known).length,
              gone: marked.gone,
            },
          },
    );
    const settings = {
      tool,
      commands: context.commandNames,
      hasBaseline: baseline !== undefined,
      ...(options.repo === undefined ? {} : { repo: options.repo }),
    };
    if (options.explain !== undefined) {
      const finding = oneFinding(report, options.explain);
      return { exitCode: 0, document: { finding }, text: explainFinding(report, finding, settings) };
    }
    if (options.writeBaseline !== undefined) {
      const file = userPath(context, options.writeBaseline);
      await writeFileAtomic(file, `${JSON.stringify(baselineOf(report.findings, tool), null, 1)}\n`);
      context.notice(`Wrote ${report.findings.length} findings to ${visibleText(file)}`);
    }
    let page: string | undefined;
    if (options.out !== undefined) {
      const out = userPath(context, options.out);
      const manifest = await proposeManifest({ ...result, report });
      const texts = auditFiles(report, settings).set(manifestFileName, manifestText(manifest));
      for (const [name, text] of texts) await writeFileAtomic(join(out, name), text);
      page = join(out, "audit.html");
    }
    const text = auditText(report, {
      ...settings,
      colour: context.colour,
      ...(page === undefined ? {} : { page }),
    });
    // A baseline that was just written holds everything that is here.
    const failed = options.writeBaseline === undefined && fails(report.findings, options.failOn);
    return { exitCode: failed ? 1 : 0, document: report, text };
  },
});
