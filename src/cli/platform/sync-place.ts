import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { asker } from "../../platforms/index.ts";
import {
  driveAccessFrom,
  driveRemote,
  rcloneDriveRemote,
  s3AccessFrom,
  s3Remote,
  type Remote,
} from "../../storage/index.ts";
import type { CommandContext } from "../framework/command.ts";

export type Kind = "s3" | "drive";

export type PlaceFlags = {
  endpoint?: string | undefined;
  region?: string | undefined;
  encryptStored?: boolean | undefined;
  through?: "auto" | "rclone" | "rest" | undefined;
};

/** Flags that say how a place is reached. */
export const placeFlags = {
  s3: {
    endpoint: z
      .string()
      .optional()
      .meta({ description: "address of a service of your own; default AWS_ENDPOINT_URL_S3", value: "URL" }),
    region: z.string().optional().meta({ description: "region; default AWS_REGION", value: "NAME" }),
    encryptStored: z
      .boolean()
      .default(false)
      .meta({ description: "ask the store to encrypt what it keeps (SSE-S3)" }),
  },
  drive: {
    through: z
      .enum(["auto", "rclone", "rest"])
      .default("auto")
      .meta({ description: "what carries it: rclone where it is installed, else Drive's REST API" }),
  },
} as const;

/** What carries files to and from Google Drive here: `rclone` where it is installed, unless the API's address is given. */
export async function driveCarrier(
  context: CommandContext,
): Promise<{ through: "rclone" | "rest"; rclone: string | null }> {
  const { environment, cwd, signal } = context;
  const said = await asker({ environment, cwd, signal })(["rclone", "version"]);
  const rclone = said?.status === 0 ? (said.stdout.split("\n")[0]?.trim() ?? "") : null;
  const isMoved = Boolean(environment["TRAINING_READY_DRIVE_URL"]);
  return { through: rclone === null || isMoved ? "rest" : "rclone", rclone };
}

async function drivePlace(
  uri: string,
  options: PlaceFlags,
  context: CommandContext,
  stateFolder: string,
): Promise<Remote> {
  const { environment } = context;
  const { through = "auto" } = options;
  const carrier =
    through === "rest" ? "rest" : through === "rclone" ? "rclone" : (await driveCarrier(context)).through;
  const isKeyed = Boolean(
    environment["GOOGLE_ACCESS_TOKEN"] || environment["GOOGLE_APPLICATION_CREDENTIALS"],
  );
  const remote = environment["TRAINING_READY_RCLONE_REMOTE"];
  if (!isKeyed && (carrier === "rest" || !remote))
    throw new TrainingReadyError(
      "E_PLATFORM_CREDENTIALS",
      "neither GOOGLE_APPLICATION_CREDENTIALS nor GOOGLE_ACCESS_TOKEN is set",
      {
        exitCode: 1,
        hint: "Name a service account's key file, or give a token that somebody renews; with rclone, TRAINING_READY_RCLONE_REMOTE names a remote of `rclone config`.",
      },
    );
  if (carrier === "rest") return driveRemote({ uri, access: driveAccessFrom(environment), stateFolder });
  const access = remote ? { remote } : driveAccessFrom(environment);
  return rcloneDriveRemote({ uri, access, environment });
}

/** rclone lists a single file, named by its id, as an empty folder: says what helps. */
export function noticeEmpty({ uri, through }: Remote, files: number, context: CommandContext): void {
  if (files > 0 || through !== "rclone" || /^gdrive:\/\/[^/]+\/./.test(uri)) return;
  context.notice(`rclone finds no file in ${uri}; for one file by its id, add --through rest`);
}

/** Opens a place. Throws `E_PLATFORM_CREDENTIALS` where no key is given. */
export async function placeOf(
  kind: Kind,
  where: string,
  options: PlaceFlags,
  context: CommandContext,
  stateFolder: string,
): Promise<Remote> {
  const { environment } = context;
  if (kind === "drive") return await drivePlace(where, options, context, stateFolder);
  if (!environment["AWS_ACCESS_KEY_ID"] || !environment["AWS_SECRET_ACCESS_KEY"])
    throw new TrainingReadyError(
      "E_PLATFORM_CREDENTIALS",
      "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set",
      {
        exitCode: 1,
      },
    );
  const access = s3AccessFrom(environment);
  return s3Remote({
    uri: where,
    access: {
      ...access,
      ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
      ...(options.region === undefined ? {} : { region: options.region }),
    },
    stateFolder,
    encrypt: options.encryptStored === true,
  });
}
