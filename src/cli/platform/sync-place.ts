import { z } from "zod";
import { TrainingReadyError } from "../../shared/index.ts";
import { driveAccessFrom, driveRemote, s3AccessFrom, s3Remote, type Remote } from "../../storage/index.ts";
import type { CommandContext } from "../framework/command.ts";

export type Kind = "s3" | "drive";

export type PlaceFlags = {
  endpoint?: string | undefined;
  region?: string | undefined;
  encryptStored?: boolean | undefined;
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
  drive: {},
} as const;

/** Opens a place. Throws `E_PLATFORM_CREDENTIALS` where no key is given. */
export async function placeOf(
  kind: Kind,
  where: string,
  options: PlaceFlags,
  context: CommandContext,
  stateFolder: string,
): Promise<Remote> {
  const { environment } = context;
  if (kind === "drive") {
    if (!environment["GOOGLE_ACCESS_TOKEN"] && !environment["GOOGLE_APPLICATION_CREDENTIALS"])
      throw new TrainingReadyError(
        "E_PLATFORM_CREDENTIALS",
        "neither GOOGLE_APPLICATION_CREDENTIALS nor GOOGLE_ACCESS_TOKEN is set",
        { exitCode: 1, hint: "Name a service account's key file, or give a token that somebody renews." },
      );
    return driveRemote({ uri: where, access: driveAccessFrom(environment), stateFolder });
  }
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
