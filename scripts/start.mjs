// npm start: sets up what is missing, then runs the command given behind `--`, or the journey on the sample.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setup.mjs";

setUp();
const words = process.argv.slice(2);
const child = spawn(
  process.execPath,
  [
    join(root, "bin/training-ready"),
    ...(words.length > 0 ? words : ["journey", "--dir", join(root, "sample")]),
  ],
  {
    stdio: "inherit",
  },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 2)));
