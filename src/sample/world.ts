import type {
  AnswerKey,
  CopyAnswer,
  DatasetAnswer,
  EntryAnswer,
  ImportClass,
  ReferenceClass,
  SampleFlags,
} from "./answers.ts";
import { Ink, type Meaning } from "./ink.ts";
import type { Names } from "./names.ts";
import type { Random } from "./random.ts";
import type { Stage } from "./stages.ts";

export type FileMode = "100644" | "100755" | "120000";

/** A file's state from a stage on. `null` removes it; text may hold ink. */
export type Version = { stage: Stage; content: string | Uint8Array | null; mode: FileMode };

export type ReferenceMeaning = Omit<Extract<Meaning, { kind: "reference" }>, "kind" | "class" | "target">;

export type ImportMeaning = Pick<Extract<Meaning, { kind: "import" }>, "accept" | "withoutHistory">;

/** An entry as a planter states it; without history, other modules may count as missing. */
export type PlantedEntry = EntryAnswer & { missingWithoutHistory?: string[] };

/** A copy as a planter states it: stages stand for the commits. */
export type PlantedCopy = Omit<CopyAnswer, "commits"> & { stages?: Stage[] };

/**
 * Where planters write files with their part of the key. All paths are logical: as seen from the folder above `ai/`.
 */
export class World {
  readonly flags: SampleFlags;
  readonly random: Random;
  readonly names: Names;
  readonly ink = new Ink();
  readonly files = new Map<string, Version[]>();
  readonly packages: string[];
  readonly copies: PlantedCopy[] = [];
  readonly configs: AnswerKey["configs"] = [];
  readonly entries: PlantedEntry[] = [];
  readonly datasets = new Map<string, Omit<DatasetAnswer, "name" | "mentions">>();
  readonly collisions: AnswerKey["collisions"] = [];
  readonly ignored: AnswerKey["ignored"] = { tracked: [], swallowed: [] };
  readonly plan: AnswerKey["plan"];

  constructor(flags: SampleFlags, random: Random, names: Names) {
    this.flags = flags;
    this.random = random;
    this.names = names;
    this.packages = [
      names.lightning,
      names.therapeutic,
      names.home,
      names.ovh,
      names.consolidated,
      "ai/QUICK_START_GUIDE.md",
    ];
    this.plan = { home: names.home, targets: [], canonical: [] };
  }

  /** Sets a file down; with `stage`, from that commit on. A path may get several versions. */
  file(path: string, content: string | Uint8Array, more: { stage?: Stage; mode?: FileMode } = {}): void {
    const versions = this.files.get(path) ?? [];
    versions.push({ stage: more.stage ?? "packages", content, mode: more.mode ?? "100644" });
    this.files.set(path, versions);
  }

  script(path: string, content: string, stage?: Stage): void {
    this.file(path, content, { mode: "100755", ...(stage === undefined ? {} : { stage }) });
  }

  symlink(path: string, content: string, stage: Stage = "links"): void {
    this.file(path, content, { mode: "120000", stage });
  }

  remove(path: string, stage: Stage): void {
    this.files.get(path)?.push({ stage, content: null, mode: "100644" });
  }

  /** A path as a tool that runs at the repository's root must spell it: without `ai/` if that is the root. */
  rooted(path: string): string {
    if (this.flags.root === "above") return path;
    return path === "ai" ? "." : path.replace(/^ai\//, "");
  }

  reference(raw: string, verdict: ReferenceClass, target?: string, more: ReferenceMeaning = {}): string {
    return this.ink.mark(raw, {
      kind: "reference",
      class: verdict,
      ...more,
      ...(target === undefined ? {} : { target }),
    });
  }

  /** A reference to something that is there. */
  resolves(raw: string, target: string = raw, more: ReferenceMeaning = {}): string {
    return this.reference(raw, "resolves", target, more);
  }

  import(module: string, verdict: ImportClass, target?: string, more: ImportMeaning = {}): string {
    return this.ink.mark(module, {
      kind: "import",
      module,
      class: verdict,
      ...more,
      ...(target === undefined ? {} : { target }),
    });
  }

  secret(value: string, kind: string): string {
    return this.ink.mark(value, { kind: "secret", secret: kind });
  }

  copy(copy: PlantedCopy): void {
    this.copies.push(copy);
  }

  entry(path: string, more: Partial<Omit<PlantedEntry, "path" | "loads">> = {}): void {
    const missing = more.missing ?? [];
    this.entries.push({
      path,
      mode: more.mode ?? "script",
      cwd: more.cwd ?? "",
      environment: more.environment ?? {},
      loads: missing.length + (more.nameless?.length ?? 0) === 0,
      missing,
      ...(more.nameless === undefined ? {} : { nameless: more.nameless }),
      ...(more.lazy === undefined ? {} : { lazy: more.lazy }),
      ...(more.missingWithoutHistory === undefined
        ? {}
        : { missingWithoutHistory: more.missingWithoutHistory }),
    });
  }
}
