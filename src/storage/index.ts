export { locate, publicUri, type Located } from "./locate.ts";
export { type Store, type StoredFile } from "./store.ts";
export { packingOf, unpack, type Packing } from "./unpack.ts";
export { remoteFolder } from "./open-remote-folder.ts";
export { type Pointer, type RemoteFolder } from "./remote-folder.ts";
export { driveAccessFrom } from "./drive-access.ts";
export { s3AccessFrom, type S3Access } from "./s3-store.ts";
export {
  difference,
  driveRemote,
  openState,
  pull,
  push,
  rcloneDriveRemote,
  s3Remote,
  type Change,
  type Difference,
  type Moved,
  type Remote,
  type RemoteFile,
} from "./sync/index.ts";
export { listRemote, mayBeFolder, type RemoteFiles } from "./list-remote.ts";
