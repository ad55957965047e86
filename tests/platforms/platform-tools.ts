import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run-platform.ts";

const folder = join(root, "node_modules/.cache/training-ready-platform-tools/bin");

/** The Python environment of `npm run proof:platforms`, if it was made. */
export const platformTools = existsSync(join(folder, "kubernetes-validate")) ? folder : undefined;

if (platformTools === undefined)
  process.stdout.write(
    "kubernetes-validate, lightning-sdk and moto are missing here: `npm run proof:platforms` gets them\n",
  );
