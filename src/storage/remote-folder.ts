/** A small file that is replaced at one stroke; its tag changes with its text. */
export type Pointer = { text: string; tag: string };

/** A place that files can be sent to and fetched from: a folder, or a prefix in S3. */
export type RemoteFolder = {
  /** The folder, where it is one of this machine. */
  folder?: string;
  /** URI of a file below it. */
  uriOf(path: string): string;
  /** Sends a file whole or not at all. Throws `E_SYNC_CHANGED` if its bytes have another hash than said. */
  send(localFile: string, path: string, sha256: string): Promise<void>;
  write(path: string, text: string): Promise<void>;
  read(path: string): AsyncIterable<Uint8Array>;
  /** Size of a file, or undefined where there is none. */
  sizeOf(path: string): Promise<number | undefined>;
  /**
   * Whether a file is there with the bytes of a local one, told by what the store has noted of it when it was written;
   * where that tells nothing, and with `readBack` always, by reading it.
   */
  holds(
    localFile: string,
    path: string,
    wanted: { bytes: number; sha256: string; readBack: boolean },
  ): Promise<boolean>;
  /** Files below a path that ends with a slash, in the order of their paths. */
  list(below: string): Promise<{ path: string; bytes: number }[]>;
  /** Removes a file; one that is not there is no error. */
  remove(path: string): Promise<void>;
  /** Whether what is removed can still be had there, as in a bucket that keeps versions; undefined: not told. */
  keepsRemoved(): Promise<boolean | undefined>;
  readPointer(path: string): Promise<Pointer | undefined>;
  /**
   * Replaces the pointer that was seen, or makes it where none was. Throws `E_DATA_REMOTE_CHANGED` if it is another by
   * now. In a folder of this machine the caller holds its lock.
   */
  replacePointer(path: string, text: string, seen: Pointer | undefined): Promise<void>;
  /** Whether a condition on a write is heeded, tried on a file that is there with this text. */
  heedsConditions(path: string, text: string, seen: Pointer | undefined): Promise<boolean>;
};
