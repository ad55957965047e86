/** A file on the other side, as a listing shows it. `tag` changes when its bytes do; the hashes where the listing has them. */
export type RemoteFile = {
  path: string;
  bytes: number;
  tag: string;
  md5?: string | undefined;
  sha256?: string | undefined;
  /** What the place itself calls it, where that is not its path. */
  id?: string | undefined;
};

export type SendInput = {
  path: string;
  file: string;
  bytes: number;
  sha256: string;
  /** The file that is replaced. */
  replaces?: RemoteFile | undefined;
  signal?: AbortSignal | undefined;
};

/** A place that files are synced with. Every method may throw the catalogue's `E_SYNC_…` and `E_PLATFORM_…` codes. */
export type Remote = {
  uri: string;
  /** What carries the bytes, where there is a choice. */
  through?: "rclone" | "rest";
  /** Every file below the place, in the order of its paths. */
  list(): Promise<RemoteFile[]>;
  /** A file's sha256 by asking for its metadata; undefined where the place does not know it. */
  sha256Of(file: RemoteFile): Promise<string | undefined>;
  /** Sends a file whole; one that was begun before goes on. Gives what the listing will show. */
  send(input: SendInput): Promise<RemoteFile>;
  /** Bytes from `start` on, if the file is still the one that was listed. */
  read(file: RemoteFile, start: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  remove(file: RemoteFile): Promise<void>;
};
