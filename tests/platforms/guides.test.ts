import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import type { CommandNode } from "../../src/cli/framework/command.ts";
import { parseCall } from "../../src/cli/framework/parse.ts";
import { syntheticDialogues } from "../../src/sample/index.ts";
import { startDrive } from "./drive-stand-in.ts";
import { root, runIn, scratch } from "./run-platform.ts";
import { startS3 } from "./s3-stand-in.ts";
import { standIns } from "./stand-ins.ts";

const guides = ["quick-start", "lightning", "ovh", "slurm", "kubernetes", "docker", "storage"];
/** Commands that take minutes or do not end: run by `npm test` elsewhere (training, export, serving), only their words are checked here. */
const long = /^training-ready (?:train (?:run|resume|status|export)|serve) /;

const linesOf = (guide: string): string[] =>
  [
    ...readFileSync(join(root, "docs/guides", `${guide}.md`), "utf8").matchAll(
      /^( *)```sh\n([\s\S]*?)^ *```$/gm,
    ),
  ].flatMap(([, , text = ""]) =>
    text
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  );

/** Throws where the program would refuse the words. */
async function parses(nodes: readonly CommandNode[], words: readonly string[], path = ""): Promise<void> {
  const node = nodes.find((one) => one.name === words[0]);
  if (node === undefined) throw new Error(`no command ${path} ${words[0]}`);
  const name = `${path} ${node.name}`.trim();
  if (node.kind === "group") return await parses(node.children, words.slice(1), name);
  parseCall((await node.load()).default, name, words.slice(1));
}

describe("the guides of the platforms", () => {
  for (const guide of guides) {
    it(`${guide}: every command does what the guide says, against stand-ins`, async () => {
      const store = await startS3();
      const drive = await startDrive();
      const folder = scratch({
        "dialogues.jsonl": syntheticDialogues(1, 40),
        "my-training/platforms/.keep": "",
        "platforms/.keep": "",
        "data/built/manifest.json": "{}",
        "data/built/train/a.jsonl": "{}\n",
        "models/wayfarer/config.json": "{}",
        "models/model.gguf": "GGUF",
        "plan.json": '{"memoryBytes": 20000000000}',
        HF_TOKEN: "synthetic",
        AWS_ACCESS_KEY_ID: "synthetic",
        AWS_SECRET_ACCESS_KEY: "synthetic",
      });
      const environment = {
        ...standIns(folder),
        AWS_ACCESS_KEY_ID: "key-id",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_ENDPOINT_URL_S3: store.url,
        GOOGLE_ACCESS_TOKEN: "drive-token",
        TRAINING_READY_DRIVE_URL: drive.url,
      };
      // What stands on the other side before the guide begins, where it says so.
      mkdirSync(join(folder, "ovh-state/objects/GRA/training-checkpoints/training/foundation/hf"), {
        recursive: true,
      });
      writeFileSync(
        join(folder, "ovh-state/objects/GRA/training-checkpoints/training/foundation/hf/config.json"),
        "{}",
      );
      const lines = linesOf(guide);
      expect(lines.length).toBeGreaterThan(4);
      for (const line of lines) {
        if (long.test(line)) {
          await parses(commands, line.split(/\s+/).slice(1));
          continue;
        }
        const [, command = "", , file] = /^(.*?)( > (\S+))?$/.exec(line) as unknown as string[];
        if (command.startsWith("training-ready ")) {
          const said = await runIn(folder, command.split(/\s+/).slice(1), environment);
          // The quick start's platform list and doctor say what is missing; that is no failure.
          expect({ line, code: said.code, err: said.err.replaceAll(/^(?!E_).*$/gm, "").trim() }).toEqual({
            line,
            code: 0,
            err: "",
          });
          if (file !== undefined) {
            mkdirSync(dirname(join(folder, file)), { recursive: true });
            writeFileSync(join(folder, file), said.out);
          }
          if (/ init /.test(line)) {
            writeFileSync(
              join(folder, "my-training/training-ready.yaml"),
              "data:\n  sources:\n    - { name: dialogues, uri: ../dialogues.jsonl, licence: CC0-1.0 }\n",
            );
          }
          continue;
        }
        const { status, stderr } = spawnSync("sh", ["-c", command], {
          cwd: folder,
          env: { PATH: `${join(folder, "bin")}:${process.env["PATH"]}`, ...environment },
          encoding: "utf8",
        });
        expect({ line, status, stderr }).toEqual({ line, status: 0, stderr: "" });
      }
      store.close();
      drive.close();
      rmSync(folder, { recursive: true, force: true });
    }, 120_000);
  }
});
