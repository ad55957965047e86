import { gitBlobId } from "../shared/index.ts";
import type { AnswerKey, ImportAnswer, ReferenceAnswer } from "./answers.ts";
import { formatOf } from "./format-of.ts";
import type { PlainVersion } from "./history.ts";
import type { InkSpan } from "./ink.ts";
import { withoutInk } from "./ink.ts";
import { folderAnswers, groupAnswers, type FinalFile } from "./same-bytes.ts";
import { stageNames, type Stage } from "./stages.ts";
import type { Version, World } from "./world.ts";

/** A world set down: bytes per path and commit, the tree as it ends, and the key without commit ids. */
export type Settled = {
  /** owner/name of the repository's address. */
  slug: string;
  versions: Map<string, PlainVersion[]>;
  final: Map<string, FinalFile>;
  key: (commitOf: (stage: Stage) => string | undefined) => AnswerKey;
};

// git converts a file with autocrlf only if it is text and holds no CR yet.
function asOnDisk(content: Buffer, crlf: boolean): Buffer {
  if (!crlf || content.includes(13) || content.includes(0)) return content;
  return Buffer.from(content.toString("latin1").replaceAll("\n", "\r\n"), "latin1");
}

function plain(version: Version): PlainVersion {
  const { content } = version;
  if (content === null) return { ...version, content };
  const bytes = typeof content === "string" ? Buffer.from(withoutInk(content)) : Buffer.from(content);
  return { ...version, content: bytes };
}

type Placed = { path: string; start?: number; line: number };
const byPlace = (a: Placed, b: Placed): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : (a.start ?? a.line) - (b.start ?? b.line);

/** Gives every file its bytes and every mark its offsets. */
export function settle(world: World, seed: number): Settled {
  const { flags } = world;
  const versions = new Map<string, PlainVersion[]>();
  const final = new Map<string, FinalFile>();
  const references: ReferenceAnswer[] = [];
  const imports: ImportAnswer[] = [];
  const secrets: AnswerKey["secrets"] = [];
  const mentions = new Map<string, { path: string; line: number }[]>();
  const hasHistory = flags.git && !flags.shallow;
  const at = (path: string): string => world.rooted(path);
  const target = (path: string): string => (at(path) === "." ? "" : at(path));

  const enter = (path: string, { start, end, line, raw, meaning }: InkSpan): void => {
    const place = { path, line, start, end };
    if (meaning.kind === "secret") secrets.push({ ...place, kind: meaning.secret });
    else if (meaning.kind === "import") {
      const { kind: _, target: to, withoutHistory, ...rest } = meaning;
      const verdict = hasHistory || withoutHistory === undefined ? rest.class : withoutHistory;
      imports.push({ path, line, ...rest, class: verdict, ...(to === undefined ? {} : { target: at(to) }) });
    } else {
      const { kind: _, class: proven, target: to, fix, withoutHistory, withoutGit, ...more } = meaning;
      const { dataset, format, ...rest } = more;
      const isProven = hasHistory || withoutHistory === undefined;
      const isGuess = !flags.git && withoutGit !== undefined;
      references.push({
        ...place,
        raw,
        format: format ?? formatOf(path),
        class: isGuess ? withoutGit : isProven ? proven : withoutHistory,
        ...rest,
        // A `git clone` in a document may give the name away.
        ...(isGuess ? { accept: [proven] } : {}),
        ...(to === undefined ? {} : { target: target(to) }),
        ...(fix === undefined || !hasHistory ? {} : { fix: { ...fix, to: target(fix.to) } }),
      });
      if (dataset !== undefined) mentions.set(dataset, [...(mentions.get(dataset) ?? []), { path, line }]);
    }
  };

  for (const [logical, unordered] of world.files) {
    const path = at(logical);
    const ordered = [...unordered].sort((a, b) => stageNames.indexOf(a.stage) - stageNames.indexOf(b.stage));
    versions.set(path, ordered.map(plain));
    const last = ordered.at(-1) as Version;
    if (last.content === null) continue;
    const blob = plain(last).content as Buffer;
    const disk = last.mode === "120000" ? blob : asOnDisk(blob, flags.crlf);
    final.set(path, { path, mode: last.mode, blob: gitBlobId(flags.git ? blob : disk), disk });
    if (typeof last.content !== "string") continue;
    const converted = disk.length > blob.length ? last.content.replaceAll("\n", "\r\n") : last.content;
    for (const span of world.ink.read(converted).spans) enter(path, span);
  }

  references.sort(byPlace);
  imports.sort(byPlace);
  const tree = [...final.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const { groups, boilerplate } = groupAnswers(tree);

  const key: Settled["key"] = (commitOf) => ({
    version: 1,
    seed,
    flags,
    commit: stageNames.map(commitOf).findLast((id) => id !== undefined) ?? null,
    packages: world.packages.map(at).sort(),
    groups,
    boilerplate,
    folders: folderAnswers(tree),
    copies: world.copies.map(({ stages = [], behind, relations, a, b, optional }) => {
      const pair = { a: at(a), b: at(b), ...(optional === undefined ? {} : { optional }) };
      if (stages.length === 0) return { ...pair, relations };
      if (!hasHistory) return { ...pair, relations: ["similar", "diverged", "older"] };
      const commits = stages.map((stage) => commitOf(stage) as string);
      return { ...pair, relations, commits, ...(behind === undefined ? {} : { behind }) };
    }),
    configs: world.configs.map((one) => ({ ...one, a: at(one.a), b: at(one.b) })),
    references,
    imports,
    entries: world.entries.map(({ missingWithoutHistory, ...one }) => {
      const missing = hasHistory ? one.missing : (missingWithoutHistory ?? one.missing);
      return {
        ...one,
        path: at(one.path),
        cwd: target(one.cwd),
        missing,
        loads: missing.length + (one.nameless?.length ?? 0) === 0,
      };
    }),
    datasets: [...world.datasets].map(([name, facts]) => ({
      name,
      ...facts,
      mentions: mentions.get(name) ?? [],
    })),
    collisions: world.collisions.map((one) => ({ ...one, paths: one.paths.map(at) })),
    secrets,
    ignored: {
      tracked: world.ignored.tracked.map(at).sort(),
      swallowed: world.ignored.swallowed.map((one) => ({ ...one, target: at(one.target) })),
    },
    plan: {
      home: at(world.plan.home),
      targets: world.plan.targets.map((one) => ({ from: at(one.from), to: at(one.to) })),
      canonical: world.plan.canonical.map((one) => ({
        ...one,
        keep: at(one.keep),
        instead: one.instead.map(at),
      })),
    },
  });
  return { slug: `${world.names.owner}/${world.names.repository}`, versions, final, key };
}
