import { readFile } from "node:fs/promises";
import { z } from "zod";
import {
  elsewhereOf,
  ignoredPlaces,
  joinListing,
  makePlan,
  parseMoves,
  parsePlan,
  planFileName,
  planText,
  proposeData,
  unifiedDiff,
  type ListedRow,
  type Plan,
  type Planned,
  type PlanSource,
} from "../consolidate/index.ts";
import { openListing } from "../repository/index.ts";
import { didYouMean, drain, TrainingReadyError, visibleText, writeFileAtomic } from "../shared/index.ts";
import { consolidateInput, homeOf, type ConsolidateInput } from "./consolidate-input.ts";
import { defineCommand, type CommandContext } from "./framework/command.ts";
import { userPath } from "./framework/run.ts";
import { ignoredWarnings, lineStory, planSummary } from "./plan.format.ts";

async function readNamed(context: CommandContext, path: string): Promise<string> {
  return await readFile(userPath(context, path), "utf8").catch((cause: unknown) => {
    throw new TrainingReadyError("E_FILE_MISSING", `${path} cannot be read`, { cause });
  });
}

function packageNamed(input: ConsolidateInput, word: string): string {
  const { packages } = input.inventory;
  const one = packages.find(
    (candidate) => candidate.name === word || candidate.path === word.replace(/\/+$/, ""),
  );
  if (one !== undefined) return one.name;
  const known = packages.flatMap((candidate) => [candidate.name, candidate.path]);
  throw new TrainingReadyError("E_CLI_ARGUMENT", `${word} is no package.${didYouMean(word, known)}`);
}

type Options = { all: boolean; moves?: string | undefined; repairs: boolean; only?: string | undefined };

async function sourceOf(
  input: ConsolidateInput,
  options: Options,
  named: readonly string[],
  context: CommandContext,
): Promise<PlanSource> {
  const { packages } = input.inventory;
  if (options.moves !== undefined) {
    if (named.length > 0 || options.all)
      throw new TrainingReadyError("E_CLI_ARGUMENT", "--moves plans its own list: name no packages with it");
    return {
      kind: "moves",
      moves: parseMoves(await readNamed(context, options.moves), options.moves),
      fileName: options.moves,
    };
  }
  const chosen = new Set(named.map((word) => packageNamed(input, word)));
  if (options.all) for (const one of packages) chosen.add(one.name);
  if (chosen.size > 0)
    return {
      kind: "packages",
      chosen,
      ...(options.only === undefined ? {} : { only: packageNamed(input, options.only) }),
    };
  if (options.repairs) return { kind: "repairs" };
  const list = packages.map((one) => `  ${one.path}`).join("\n");
  throw new TrainingReadyError(
    "E_PLAN_NOTHING",
    packages.length === 0 ? "no package was found" : `no package was named. There are:\n${list}`,
  );
}

/** Every rewrite of a planned change as one unified diff (latin1 text of the bytes). */
async function patchOf(input: ConsolidateInput, planned: Planned): Promise<string> {
  const { tree } = input.state;
  const parts: string[] = [];
  for (const write of planned.proof.change.writes) {
    const origin = planned.proof.after.origin.get(write.path);
    const entry = origin === undefined ? undefined : tree.index.files.get(origin);
    const before = entry === undefined ? Buffer.alloc(0) : await tree.read(entry);
    parts.push(unifiedDiff({ before: origin ?? write.path, after: write.path }, before, write.bytes));
  }
  return parts.join("");
}

/** Data that is not here, and what a listing of other places holds beside the repository. */
async function dataOf(
  input: ConsolidateInput,
  file: string | undefined,
  base: string,
  context: CommandContext,
): Promise<{ data: Pick<Plan, "data" | "elsewhere">; rows: ListedRow[] }> {
  const { datasets } = input.audited.report;
  if (file === undefined) return { data: { data: proposeData(datasets, [], base) }, rows: [] };
  const listing = await openListing(userPath(context, file));
  for (const { path, message } of listing.warnings)
    context.notice(visibleText(path === undefined ? message : `${path}: ${message}`));
  const rows = await joinListing(input.state.tree, listing.files);
  return { data: { data: proposeData(datasets, rows, base), elsewhere: elsewhereOf(rows, base) }, rows };
}

export default defineCommand({
  name: "plan",
  summary: "Plan a consolidation: one editable file, proven on a simulated tree",
  description:
    "Writes the plan and nothing else. Edit `action` and `to` in it, then run it again with --update, or apply it.",
  arguments: [
    { name: "PACKAGE", description: "names or folders of packages, as the audit lists them", variadic: true },
  ],
  options: z.strictObject({
    all: z.boolean().default(false).meta({ description: "every package that was found" }),
    moves: z
      .string()
      .optional()
      .meta({ description: "your own moves: from<TAB>to a line, files or folders", value: "FILE" }),
    repairs: z
      .boolean()
      .default(false)
      .meta({ description: "move nothing, only mend what earlier moves left stale" }),
    only: z
      .string()
      .optional()
      .meta({ description: "of the packages named, move this one alone", value: "PACKAGE" }),
    repo: z
      .string()
      .optional()
      .meta({ description: "the repository; default: the one around the working directory", value: "DIR" }),
    home: z.string().optional().meta({ description: "the home's folder in the repository", value: "PATH" }),
    update: z
      .string()
      .optional()
      .meta({ description: "an earlier plan whose decisions stay", value: "FILE" }),
    out: z
      .string()
      .optional()
      .meta({
        description: `where the plan goes; default: ${planFileName} in the repository`,
        value: "FILE",
      }),
    listing: z.string().optional().meta({
      description: "a saved listing of files elsewhere (rclone lsjson, S3 object list, checksum file)",
      value: "FILE",
    }),
    "listing-base": z.string().default("remote:").meta({
      description: "where the listing's paths start, e.g. s3://bucket/training",
      value: "URI",
    }),
    patch: z
      .string()
      .optional()
      .meta({ description: "also write every rewrite as a unified diff", value: "FILE" }),
    explain: z
      .string()
      .optional()
      .meta({ description: "tell one file's story instead of the summary", value: "FILE" }),
  }),
  examples: [
    { line: "training-ready plan --all", does: "plans all packages into one home" },
    {
      line: "training-ready plan --all --update training-ready.plan.yaml",
      does: "plans again and keeps what you decided",
    },
    {
      line: "training-ready plan --moves moves.tsv --patch rewrites.patch",
      does: "proves and rewrites a restructure of your own",
    },
    {
      line: "training-ready plan --all --listing drive.json --listing-base drive:Training",
      does: "also shows what exists only there, and points to data that is not here",
    },
  ],
  async run({ options, arguments: named }, context) {
    const input = await consolidateInput(context, userPath(context, options.repo ?? "."));
    const source = await sourceOf(input, options, named, context);
    const earlier =
      options.update === undefined
        ? undefined
        : parsePlan(await readNamed(context, options.update), options.update);
    const home = homeOf(input, options.home ?? earlier?.home);
    const { data, rows } = await dataOf(input, options.listing, options["listing-base"], context);
    const planned = await drain(
      makePlan({
        inventory: input.inventory,
        state: input.state,
        home,
        source,
        data,
        analyse: input.analyse,
        ...(earlier === undefined ? {} : { earlier }),
      }),
      context.progress,
    );
    const packageOf = new Map(input.inventory.files.map((file) => [file.path, file.package]));
    const out =
      options.out === undefined ? `${input.inventory.root}/${planFileName}` : userPath(context, options.out);
    await writeFileAtomic(
      out,
      planText(planned.plan, (path) => packageOf.get(path) ?? "other files"),
    );
    if (options.patch !== undefined)
      await writeFileAtomic(
        userPath(context, options.patch),
        Buffer.from(await patchOf(input, planned), "latin1"),
      );
    const { change } = planned.proof;
    const ignored = await ignoredPlaces(input.inventory.root, [
      ...new Set([...change.moves.map((one) => one.to), ...change.writes.map((one) => one.path)]),
    ]);
    const warnings = ignoredWarnings(ignored);
    for (const { message } of warnings.slice(0, 10)) context.notice(visibleText(message));
    for (const misfit of planned.misfits) context.notice(misfit);
    return {
      exitCode: planned.proof.proven && planned.proof.composed.problems.length === 0 ? 0 : 1,
      document: {
        plan: out,
        home,
        proven: planned.proof.proven,
        rounds: planned.rounds,
        lines: planned.plan.lines,
        repairs: planned.plan.repairs,
        data: planned.plan.data,
        listing: rows,
        problems: planned.proof.composed.problems,
        reported: planned.proof.composed.reported,
        comparison: planned.proof.comparison,
        misfits: planned.misfits,
        warnings,
      },
      text: options.explain === undefined ? planSummary(planned, out) : lineStory(planned, options.explain),
    };
  },
});
