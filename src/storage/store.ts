/** What is known of a stored file. `version` changes when its bytes do (an ETag, or size and time of change). */
export type StoredFile = {
  bytes: number;
  version: string;
  etag?: string;
  /** When the file or its entry was changed last, in milliseconds. */
  changedAt?: number;
  /** The URI that names just this version, where the asked one names whatever is newest. */
  pinned?: string;
};

/**
 * Reads one kind of place. `end` is exclusive; reading rejects if the file no longer is what `stat` saw. `mayReuse`: a
 * chunk's bytes may change once the next is asked for.
 */
export type Store = {
  stat(uri: string): Promise<StoredFile>;
  read(uri: string, range?: { start: number; end?: number; mayReuse?: boolean }): AsyncIterable<Uint8Array>;
};
