import { join } from "node:path";
import { z } from "zod";
import { cacheFolder, drain, TrainingReadyError } from "../../shared/index.ts";
import {
  difference,
  openState,
  pull,
  push,
  type Change,
  type Difference,
  type Remote,
} from "../../storage/index.ts";
import { defineCommand, type CommandContext, type CommandSpec } from "../framework/command.ts";
import { userPath } from "../framework/run.ts";
import { rememberFetched, rememberPointers, type Pointer } from "./pointers.ts";
import { noticeEmpty, placeFlags, placeOf, type Kind, type PlaceFlags } from "./sync-place.ts";
import { formatDifference, formatFiles, formatMoved, formatPointers } from "./sync.format.ts";

const place = {
  s3: { name: "URI", description: "s3://bucket/prefix", required: true },
  drive: {
    name: "PLACE",
    description: "gdrive://FOLDER_ID, a path below it (a category), or gdrive://FILE_ID",
    required: true,
  },
} as const;
const folderArgument = { name: "FOLDER", description: "a folder of this machine", required: true };
const example = { s3: "s3://team/data/v1", drive: "gdrive://0AbCdEf" } as const;

const applyFlags = {
  apply: z.boolean().default(false).meta({ description: "do it; without it only the difference is shown" }),
  delete: z
    .boolean()
    .default(false)
    .meta({ description: "also remove on the side written to what the other lacks" }),
} as const;

const homeFlag = {
  home: z
    .string()
    .optional()
    .meta({ description: "the home whose home.json keeps the pointers", value: "DIR" }),
} as const;
const pointerFlags = {
  ...homeFlag,
  apply: z.boolean().default(false).meta({ description: "write the pointers into home.json" }),
} as const;

const stateFolder = (context: CommandContext): string => join(cacheFolder(context.environment), "sync");

type Sides = { folder: string; remote: Remote };

async function compared(
  sides: Sides,
  context: CommandContext,
): Promise<{ found: Difference; state: Awaited<ReturnType<typeof openState>> }> {
  const state = await openState(sides.folder, sides.remote, stateFolder(context));
  const found = await difference(sides.folder, sides.remote, state);
  await state.save();
  return { found, state };
}

const named = ({ uri, through }: Remote) => ({ uri, ...(through === undefined ? {} : { through }) });

const shown = (found: Difference) => ({
  here: found.here.map(({ path, bytes, remote }) => ({ path, bytes, replaces: remote !== undefined })),
  there: found.there.map(({ path, bytes, local }) => ({ path, bytes, replaces: local !== undefined })),
  same: found.same,
  links: found.links,
  metadataRequests: found.asked,
});

async function sidesOf(
  kind: Kind,
  options: PlaceFlags,
  words: { place: string | undefined; folder: string | undefined },
  context: CommandContext,
): Promise<Sides> {
  if (words.place === undefined || words.folder === undefined)
    throw new TrainingReadyError("E_CLI_ARGUMENT", "a folder and a place are needed");
  const remote = await placeOf(kind, words.place, options, context, stateFolder(context));
  return { folder: userPath(context, words.folder), remote };
}

function transferCommand(kind: Kind, direction: "push" | "pull"): CommandSpec {
  const isPush = direction === "push";
  const words = isPush ? [folderArgument, place[kind]] : [place[kind], folderArgument];
  const line = isPush ? `data/built ${example[kind]}` : `${example[kind]} data/fetched`;
  return defineCommand({
    name: direction,
    summary: isPush ? "Send what is new or different in a folder" : "Fetch what is new or different there",
    description:
      "Lists both sides first and compares by hash. Files that are equal are not read over the network; one that was cut off goes on where it was. A dry run unless --apply.",
    arguments: words,
    options: z.strictObject({ ...placeFlags[kind], ...applyFlags, ...(isPush ? {} : homeFlag) }),
    examples: [
      {
        line: `training-ready platform ${kind} ${direction} ${line} --apply`,
        does: isPush ? "sends it" : "fetches it",
      },
    ],
    async run({ options, arguments: given }, context) {
      const [first, second] = given;
      const sides = await sidesOf(
        kind,
        options as PlaceFlags,
        isPush ? { folder: first, place: second } : { place: first, folder: second },
        context,
      );
      const { found, state } = await compared(sides, context);
      if (!isPush) noticeEmpty(sides.remote, found.there.length + found.same, context);
      const document = { ...named(sides.remote), folder: sides.folder, dry: !options.apply, ...shown(found) };
      if (!options.apply)
        return {
          exitCode: 0,
          document,
          text: formatDifference(found, { direction, remove: options.delete }),
        };
      const input = { ...sides, state, signal: context.signal, remove: options.delete };
      const moved = await drain(isPush ? push(found, input) : pull(found, input), (event) =>
        context.progress(event),
      );
      const { home } = options as { home?: string };
      const present =
        home === undefined
          ? undefined
          : await rememberFetched({
              home: userPath(context, home),
              uri: sides.remote.uri,
              beside: sides.folder,
            });
      return {
        exitCode: 0,
        document: { ...document, moved, ...(present === undefined ? {} : { present }) },
        text: formatMoved(moved, direction),
      };
    },
  });
}

/** Files that one side alone has. */
const onlyThere = (found: Difference): Change[] => found.there.filter(({ local }) => local === undefined);

function differenceCommand(kind: Kind): CommandSpec {
  return defineCommand({
    name: "status",
    summary: "Show the difference between a folder and a place; neither is changed",
    description:
      "Exit 0 where both hold the same files, else 1. With --home and --apply, what is only there is kept in home.json as a pointer, so that the audit shows its address.",
    arguments: [folderArgument, place[kind]],
    options: z.strictObject({ ...placeFlags[kind], ...pointerFlags }),
    examples: [
      {
        line: `training-ready platform ${kind} status data/built ${example[kind]}`,
        does: "compares both sides",
      },
    ],
    async run({ options, arguments: [folder, where] }, context) {
      const sides = await sidesOf(kind, options as PlaceFlags, { folder, place: where }, context);
      const { found } = await compared(sides, context);
      const same = found.here.length === 0 && found.there.length === 0;
      const { home, apply } = options;
      const pointers =
        home === undefined
          ? undefined
          : await rememberPointers({
              home: userPath(context, home),
              uri: sides.remote.uri,
              files: onlyThere(found),
              beside: sides.folder,
              apply,
            });
      const document = {
        ...named(sides.remote),
        folder: sides.folder,
        equal: same,
        ...shown(found),
        ...(pointers === undefined ? {} : { pointers, dry: !apply }),
      };
      return {
        exitCode: same ? 0 : 1,
        document,
        text: `${formatDifference(found, { direction: "push", remove: false })}${formatPointers(pointers ?? [], apply)}`,
      };
    },
  });
}

function listCommand(kind: Kind, name: "list" | "inventory"): CommandSpec {
  const hashes = name === "inventory";
  return defineCommand({
    name,
    summary: hashes ? "List a place's files with their sha256" : "List a place's files",
    ...(hashes
      ? {
          description:
            "With --home and --apply, each data set found there (a folder with a manifest.json, or a data file outside one) is kept in home.json as a pointer: what is only there is not forgotten.",
        }
      : {}),
    arguments: [place[kind]],
    options: z.strictObject({
      ...placeFlags[kind],
      ...(hashes ? pointerFlags : {}),
    }),
    examples: [
      { line: `training-ready platform ${kind} ${name} ${example[kind]}`, does: "lists what is there" },
    ],
    async run({ options, arguments: [where] }, context) {
      if (where === undefined) throw new TrainingReadyError("E_CLI_ARGUMENT", "a place is needed");
      const remote = await placeOf(kind, where, options as PlaceFlags, context, stateFolder(context));
      const listed = await remote.list();
      noticeEmpty(remote, listed.length, context);
      const state = await openState("", remote, stateFolder(context));
      const files: { path: string; bytes: number; sha256?: string | null }[] = [];
      for (const file of listed) {
        const { path, bytes } = file;
        if (!hashes) {
          files.push({ path, bytes });
          continue;
        }
        const kept = state.known[path];
        const hash = file.sha256 ?? (kept?.tag === file.tag ? kept.sha256 : await remote.sha256Of(file));
        if (hash !== undefined) state.remember(file, hash);
        files.push({ path, bytes, sha256: hash ?? null });
      }
      await state.save();
      const { home, apply } = options as { home?: string; apply?: boolean };
      const pointers: Pointer[] =
        home === undefined
          ? []
          : await rememberPointers({
              home: userPath(context, home),
              uri: remote.uri,
              files,
              apply: apply === true,
            });
      const document = {
        ...named(remote),
        files,
        ...(home === undefined ? {} : { pointers, dry: apply !== true }),
      };
      return {
        exitCode: 0,
        document,
        text: `${formatFiles(files)}${formatPointers(pointers, apply === true)}`,
      };
    },
  });
}

/** The command of a place by its name. */
export function syncCommand(kind: Kind, name: string): CommandSpec {
  if (name === "push" || name === "pull") return transferCommand(kind, name);
  if (name === "status") return differenceCommand(kind);
  return listCommand(kind, name as "list" | "inventory");
}
