import { describe, expect, it } from "vitest";
import { lineCounter } from "../byte-text.ts";
import { scanShell, type ShellOptions } from "./index.ts";

/** Each mention as `raw -> path @bases kind strength use`. */
function mentionsOf(text: string, options: Partial<ShellOptions> = {}): string[] {
  return scanShell(text, { lineOf: lineCounter(text), ...options }).mentions.map(
    ({ raw, path, bases, kind, strength, use }) =>
      `${raw} -> ${path} @${bases.map((base) => ("path" in base ? `${base.kind}:${base.path}` : base.kind)).join(",")} ${kind} ${strength} ${use}`,
  );
}

const anywhere = "file,package,root";

describe("scanShell", () => {
  it.each<[string, string, string[]]>([
    [
      "a script that Python runs",
      "python train.py\n",
      [`train.py -> train.py @${anywhere} command hard run`],
    ],
    [
      "the script's own folder",
      'SCRIPT_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)\nsource "${SCRIPT_DIR}/../lib/common.sh"\n',
      ["${SCRIPT_DIR}/../lib/common.sh -> ../lib/common.sh @file source hard run"],
    ],
    [
      "cd in order, and out of a subshell",
      "cd egs/asr\npython train.py\n(cd sub; python a.py)\ncd ..\n./run.sh\n",
      [
        `egs/asr -> egs/asr @${anywhere} command soft read`,
        `train.py -> egs/asr/train.py @${anywhere} command hard run`,
        `sub -> egs/asr/sub @${anywhere} command soft read`,
        `a.py -> egs/asr/sub/a.py @${anywhere} command hard run`,
        `.. -> egs @${anywhere} command soft read`,
        `./run.sh -> egs/run.sh @${anywhere} command hard run`,
      ],
    ],
    [
      "options of both spellings",
      "python a.py --config configs/x.yaml --data=data/y.json\n",
      [
        `a.py -> a.py @${anywhere} command hard run`,
        `configs/x.yaml -> configs/x.yaml @${anywhere} argument soft read`,
        `data/y.json -> data/y.json @${anywhere} argument soft read`,
      ],
    ],
    [
      "a clone of somebody else's repository",
      "git clone https://github.com/x/y.git\ncd y\npip install -r requirements.txt\n",
      [
        "https://github.com/x/y.git -> https://github.com/x/y.git @ url weak undefined",
        "y -> . @clone: command soft read",
        "requirements.txt -> requirements.txt @clone: include soft read",
      ].slice(1),
    ],
    [
      "an unknown folder leaves a hole",
      "cd $SOMEWHERE\npython x.py\n",
      ["x.py -> {…}/x.py @ command hard run"],
    ],
  ])("follows %s", (_, text, expected) => {
    expect(mentionsOf(text)).toEqual(expected);
  });
});
