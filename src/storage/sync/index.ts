export { difference, openState, type Change, type Difference } from "./difference.ts";
export { driveRemote } from "./drive-remote.ts";
export { rcloneDriveRemote } from "./rclone-remote.ts";
export { type Remote, type RemoteFile } from "./remote.ts";
export { s3Remote } from "./s3-remote.ts";
export { pull, push, type Moved } from "./transfer.ts";
