import type { FileSource } from "./expand-sources.ts";
import type { DataConfig } from "../home/index.ts";
import type { Concept, ItemCode } from "../records/index.ts";
import type { Packing } from "../storage/index.ts";

export const splitNames = ["train", "validation", "test"] as const;
export type SplitName = (typeof splitNames)[number];

export type SourceFormat = "csv" | "tsv" | "json" | "jsonl" | "vtt" | "srt" | "parquet";

/** A source as it was found: pinned by its hash. */
export type PinnedSource = {
  config: FileSource;
  /** URI in its store's own form: an absolute path for a file. */
  location: string;
  bytes: number;
  version: string;
  etag: string | null;
  sha256: string;
  format: SourceFormat;
  packing: Packing | null;
  /** Rows of each unit of a Parquet file. */
  rows?: number[];
};

/** A source that is not there, and whose config says that it need not be. */
export type AbsentSource = { name: string; uri: string; licence: string };

/** Who was forgotten: HMAC-SHA256 of the client with a key of the home's own, in hex. */
export type Forgotten = { key: string; clients: string[] };

/** What a worker needs for one unit of work; plain data, so that it can cross to another thread or machine. */
export type UnitJob = {
  key: string;
  source: PinnedSource;
  /** Bytes of the file whose lines belong to the unit; absent: the whole file. */
  range?: { start: number; end: number };
  /** Rows of a Parquet file that belong to the unit; absent: all. */
  rows?: { start: number; end: number };
  workFolder: string;
  surrogateKey: string;
  options: Pick<DataConfig, "max_item_bytes" | "offline_templates"> & {
    scrub: boolean;
    /** True: without rule labels, for measurements of the rest; no config asks for it. */
    isUnlabelled?: boolean;
    /** Items to read at most; absent: all. */
    limit?: number;
    /** Clients whose items are left out, as keyed hashes. */
    forgotten?: Forgotten;
  };
};

/** What a finished unit holds; written last, so that it stands for whole files. */
export type UnitCommit = {
  key: string;
  records: number;
  refused: number;
  setAside: number;
  bindings: number;
  /** Training stages and domains of its records, as they first appear. */
  stages: string[];
  domains: string[];
  hasNames: boolean;
  hasTimes: boolean;
  /** Bytes of the unit's files by name. */
  sizes: Record<string, number>;
};

/** Kinds of values that, where equal, keep two records in one split. */
export const bindingKinds = [
  "client",
  "session",
  "question",
  "parent",
  "users",
  "replies",
  "turn",
  // A conversation's beginnings (flag 0) and its whole (flag 1); found equal, they bind nothing.
  "prefix",
] as const;
export type BindingKind = (typeof bindingKinds)[number];

export type RefusedLine = { offset: number; length: number; code: ItemCode };

/** An item that gave no record on purpose. */
export type SetAsideLine = {
  offset: number;
  length: number;
  reason: "concept" | "forgotten";
  concept?: Concept;
};

export type DropReason =
  | "exact"
  | "near"
  | "prefix"
  | "holdout"
  | "quota"
  | "quality"
  | "concept"
  | "forgotten";

/** A file of the data set as the manifest lists it. */
export type ListedFile = { path: string; records: number; bytes: number; sha256: string };

export type Conservation = {
  read: number;
  written: number;
  quarantined: number;
  deduplicated: number;
  notSelected: number;
};

export type PublishedSplitReport = {
  source: string;
  split: string;
  records: number;
  /** Records whose whole reply stands verbatim in the source's own train split. */
  verbatimInTrain: number;
};

export type Manifest = {
  version: 1;
  root: string;
  tokenizer: { name: string; version: string };
  seed: string;
  /** Items that were read of each source at most; absent: all. */
  sample?: number;
  sources: ({
    name: string;
    /** The config's entry, where it names many files: what `source` of their records says. */
    family?: string;
    uri: string;
    bytes: number;
    sha256: string;
    licence: string;
    records: number;
  } & Omit<Conservation, "read">)[];
  /** Optional sources that were not there; the key is left out where all were. */
  absent?: AbsentSource[];
  conservation: Conservation;
  quarantined: Record<string, number>;
  quotas: { axis: string; stratum: string; wanted: number; reached: number }[];
  splits: Record<SplitName, { records: number; tokens: number; shards: ListedFile[] }>;
  quarantine: ListedFile[];
  dropped: ListedFile[];
  alpaca: ListedFile[];
  concepts: ListedFile[];
  masters: (ListedFile & { stage: string })[];
  warnings: string[];
  labels: {
    labeller: string;
    meanQuality: number;
    domain: Record<string, number>;
    risk: Record<string, number>;
    modality: Record<string, number>;
    bias: Record<string, number>;
    components: Record<string, number>;
  };
  duplicates: { source: string; exact: number; near: number; prefix: number }[];
  components: { count: number; largest: number; tooLarge: number };
  leakage: { edgesChecked: number; crossSplit: number };
  /** Root of the earlier release whose splits were kept; records that stayed, and that went to train to avoid a leak. */
  pinned?: { root: string; kept: number; moved: number };
  publishedSplits: PublishedSplitReport[];
};
