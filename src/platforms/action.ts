import type { z } from "zod";
import type { Rendered } from "./rendered.ts";

/** What rendering may know of the program itself: nothing else comes from outside. */
export type Product = {
  /** Folder of the program's own files, the context of its images. */
  root: string;
  version: string;
};

/** One thing that a platform can do. `path` are the words behind `platform NAME`. */
export type Action<T> = {
  path: string;
  summary: string;
  /** Names of the words that must be given, e.g. a job's id. */
  arguments?: readonly { name: string; description: string }[];
  /** Words of an example call, without `training-ready platform NAME`. */
  example: string;
  render(input: { settings: T; words: readonly string[]; product: Product; folder: string }): Rendered;
  /** True where `check` must pass before anything is submitted. */
  checked?: boolean;
};

/** What `check` looks at before money is spent. */
export type Finding = {
  name: string;
  state: "ok" | "wrong" | "unknown";
  found: string;
  code?: string;
  hint?: string;
};

/** Runs a program and gives its status and output; undefined where it is not installed. */
export type Ask = (
  argv: readonly string[],
) => Promise<{ status: number; stdout: string; stderr: string } | undefined>;

/** A platform: its settings, what it can do, and how its mistakes are found early. */
export type Platform<S extends z.ZodObject = z.ZodObject> = {
  name: string;
  title: string;
  /** What `list` says that it can do. */
  can: readonly string[];
  schema: S;
  /** The platform's own programs: a version query each. */
  tools: readonly { argv: readonly string[]; install: string }[];
  actions: readonly Action<z.output<S>>[];
  /** Refuses what the platform cannot honour, without asking anything outside. Throws `E_PLATFORM_…`. */
  refuse(settings: z.output<S>): void;
  /** Asks the platform by its own program; only reads. */
  check(settings: z.output<S>, ask: Ask): Promise<Finding[]>;
};
