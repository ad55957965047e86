import { describe, expect, it } from "vitest";
import { lineCounter } from "../byte-text.ts";
import type { Mention } from "../schema.ts";
import { scanShell, type ShellOptions, type ShellScan } from "./index.ts";

function scan(text: string, options: Partial<ShellOptions> = {}): ShellScan {
  return scanShell(text, { lineOf: lineCounter(text), ...options });
}

/** A mention in one line: `raw -> path @base | kind strength use key`, and what a rewrite must know. */
function shown({ raw, path, bases, kind, strength, use, key, glob, keep, prefix }: Mention): string {
  const places = bases.map((base) =>
    base.kind === "clone" ? `clone:${base.url}` : "path" in base ? `${base.kind}:${base.path}` : base.kind,
  );
  const base = places.join(",") === "file,package,root,above" ? "script" : places.join(",") || "nowhere";
  const tail = [
    key,
    glob ? "glob" : "",
    keep === undefined ? "" : `keep=${keep}`,
    prefix && `prefix=${prefix}`,
  ];
  return `${raw} -> ${path} @${base} | ${[kind, strength, use, ...tail].filter(Boolean).join(" ")}`;
}

const cases: [name: string, text: string, mentions: string[]][] = [
  ["a script that Python runs", "python train.py\n", ["train.py -> train.py @script | command hard run"]],
  [
    "the script's own folder, found by the usual incantation",
    'SCRIPT_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)\nsource "${SCRIPT_DIR}/../lib/common.sh"\n',
    ["${SCRIPT_DIR}/../lib/common.sh -> ../lib/common.sh @file | source hard run keep=14"],
  ],
  [
    "the script's own folder without a variable",
    'bash "$(dirname "$0")/run.sh"\ncd `dirname $0`/..\npython x.py\n',
    [
      '$(dirname "$0")/run.sh -> run.sh @file | command hard run keep=16',
      "`dirname $0`/.. -> .. @file | command soft read cd keep=13",
      "x.py -> ../x.py @file | command hard run prefix=..",
    ],
  ],
  [
    "the repository's root from git",
    "ROOT=$(git rev-parse --show-toplevel)\npython $ROOT/tools/x.py\n",
    ["$ROOT/tools/x.py -> tools/x.py @root | command hard run keep=6"],
  ],
  [
    "cd in order, and out of a subshell",
    "cd egs/asr\npython train.py\n(cd sub; python a.py)\ncd ..\n./run.sh\n",
    [
      "egs/asr -> egs/asr @script | command soft read cd",
      "train.py -> egs/asr/train.py @script | command hard run prefix=egs/asr",
      "sub -> egs/asr/sub @script | command soft read cd prefix=egs/asr",
      "a.py -> egs/asr/sub/a.py @script | command hard run prefix=egs/asr/sub",
      ".. -> egs @script | command soft read cd prefix=egs/asr",
      "./run.sh -> egs/run.sh @script | command hard run prefix=egs",
    ],
  ],
  [
    "pushd and popd",
    "pushd a\n./x.sh\npopd\n./y.sh\n",
    [
      "a -> a @script | command soft read pushd",
      "./x.sh -> a/x.sh @script | command hard run prefix=a",
      "./y.sh -> y.sh @script | command hard run",
    ],
  ],
  [
    "options of both spellings, Hydra overrides and lists",
    "python a.py --config configs/x.yaml --data=data/y.json model.file=conf/m.yaml --all a/1.json,b/2.json --output_dir=out/run\n",
    [
      "a.py -> a.py @script | command hard run",
      "configs/x.yaml -> configs/x.yaml @script | argument soft read config",
      "data/y.json -> data/y.json @script | argument soft read data",
      "conf/m.yaml -> conf/m.yaml @script | argument soft read model.file",
      "a/1.json -> a/1.json @script | argument soft read all",
      "b/2.json -> b/2.json @script | argument soft read all",
      "out/run -> out/run @script | argument weak write output_dir",
    ],
  ],
  [
    "a variable's literal, made hard by its use",
    'CONFIG=configs/a.yaml\nENTRY="train.py"\npython "$ENTRY" --config $CONFIG\n',
    [
      "configs/a.yaml -> configs/a.yaml @script | value soft read CONFIG",
      "train.py -> train.py @script | value hard run ENTRY",
    ],
  ],
  [
    "defaults of variables, and holes where nothing is known",
    "CONF=${CONF:-configs/a.yaml}\npython ${TOOLS:-tools}/x.py $1/y.py conf_$NAME.yaml\n",
    [
      "configs/a.yaml -> configs/a.yaml @script | value soft read CONF",
      "${TOOLS:-tools}/x.py -> tools/x.py @script | command hard run keep=16 prefix=tools",
      "$1/y.py -> {…}/y.py @script | argument weak read keep=3 prefix={…}",
      "conf_$NAME.yaml -> conf_{…}.yaml @script | argument soft read keep=15",
    ],
  ],
  [
    "a branch that may have changed a variable",
    "D=a\nif [ -z $X ]; then D=b; else D=c; fi\npython $D/x.py\n",
    ["$D/x.py -> {…}/x.py @script | command hard run keep=3 prefix={…}"],
  ],
  [
    "somebody else's clone, and our own copy after it",
    "git clone https://host.example/x/y.git\ncd y\npip install -r requirements.txt\ncd ..\npip install -r requirements.txt\n",
    [
      "y -> . @clone:https://host.example/x/y.git | command soft read cd",
      "requirements.txt -> requirements.txt @clone:https://host.example/x/y.git | include soft read r",
      ".. -> . @script | command soft read cd",
      "requirements.txt -> requirements.txt @script | include hard read r",
    ],
  ],
  ["an unknown folder", "cd $SOMEWHERE\npython x.py\n", ["x.py -> {…}/x.py @nowhere | command hard run"]],
  [
    "what the script makes before it uses it",
    "cat <<EOF > conf/a.json\n{}\nEOF\npython x.py --config conf/a.json > logs/x.log 2>&1\nsource conf/a.json\n",
    [
      "conf/a.json -> conf/a.json @script | redirect weak define",
      "x.py -> x.py @script | command hard run",
      "conf/a.json -> conf/a.json @script | argument soft read config",
      "logs/x.log -> logs/x.log @script | redirect weak write",
      "conf/a.json -> conf/a.json @script | source soft run",
    ],
  ],
  [
    "files that are tested for, or may fail",
    "if [ -f extra.sh ]; then . ./extra.sh; fi\nsource maybe.sh || true\nsource must.sh || exit 1\n",
    [
      "extra.sh -> extra.sh @script | argument weak read test",
      "./extra.sh -> extra.sh @script | source soft run",
      "maybe.sh -> maybe.sh @script | source soft run",
      "must.sh -> must.sh @script | source hard run",
    ],
  ],
  [
    "launchers before the script",
    "CUDA_VISIBLE_DEVICES=0 nohup torchrun --nproc_per_node 8 train.py &\nsbatch --array=1-3 job.sh\naccelerate launch --config_file acc.yaml run.py --x 1\n",
    [
      "train.py -> train.py @script | command hard run",
      "job.sh -> job.sh @script | command hard run",
      "acc.yaml -> acc.yaml @script | argument soft read config_file",
      "run.py -> run.py @script | command hard run",
    ],
  ],
  [
    "commands in strings that a shell runs, and modules",
    "bash -c 'cd sub && python a.py'\npython -m pkg.tool --f a.json\npython -m pip install -r dev.txt\npython -c 'open(\"x.py\")'\n",
    [
      "sub -> sub @script | command soft read cd",
      "a.py -> sub/a.py @script | command hard run prefix=sub",
      "pkg.tool -> pkg.tool @script | module soft run",
      "a.json -> a.json @script | argument soft read f",
      "dev.txt -> dev.txt @script | include hard read r",
    ],
  ],
  [
    "images, mounts and manifests",
    "docker build -t x/y:1 -f docker/Dockerfile.train .\ndocker run -v $PWD/data:/data -v named:/n img python /app/x.py\nkubectl apply -f k8s/job.yaml -f -\nmake -C sub all\n",
    [
      "docker/Dockerfile.train -> docker/Dockerfile.train @script | argument hard read dockerfile",
      ". -> . @script | context hard read",
      "$PWD/data -> data @script | mount weak read keep=5",
      "k8s/job.yaml -> k8s/job.yaml @script | argument hard read f",
      "sub -> sub @script | context hard read C",
    ],
  ],
  [
    "batch options and their folder",
    "#!/bin/bash\n#SBATCH --output=logs/%j.out\n#SBATCH -D work\npython x.py\n",
    [
      "logs/%j.out -> logs/%j.out @script | argument weak write output",
      "work -> work @script | command soft read chdir",
      "x.py -> work/x.py @script | command hard run prefix=work",
    ],
  ],
  [
    "search paths entry by entry",
    "export PYTHONPATH=src:$PYTHONPATH:$(pwd)/lib\n",
    [
      "src -> src @script | argument soft read PYTHONPATH",
      "$(pwd)/lib -> lib @script | argument soft read PYTHONPATH keep=7",
    ],
  ],
  [
    "words in a string of options",
    'OPTS="\n  --train a/train.json \\\n  --save out/x"\nARGS=( --config b.yaml )\n',
    [
      "a/train.json -> a/train.json @script | argument soft read train",
      "out/x -> out/x @script | argument weak write save",
      "b.yaml -> b.yaml @script | argument soft read config",
    ],
  ],
  [
    "globs and brace lists",
    "cat data/*.jsonl conf/{a,b}.yaml\n",
    [
      "data/*.jsonl -> data/*.jsonl @script | argument soft read cat glob",
      "conf/{a,b}.yaml -> conf/{a,b}.yaml @script | argument soft read cat glob",
    ],
  ],
  [
    "quotes, spaces, escapes and continued lines",
    "python \"my dir/a.py\" \\\n  --x 'b/c.json' \\\r\n  --y d\\ e/f.json\n",
    [
      "my dir/a.py -> my dir/a.py @script | command hard run",
      "b/c.json -> b/c.json @script | argument soft read x",
    ],
  ],
  [
    "loops leave holes",
    "for x in a.yaml b.yaml; do python run.py --config conf/$x; done\n",
    [
      "a.yaml -> a.yaml @script | argument soft read",
      "b.yaml -> b.yaml @script | argument soft read",
      "run.py -> run.py @script | command hard run",
      "conf/$x -> conf/{…} @script | argument weak read config keep=7",
    ],
  ],
  [
    "commands in strings, by their place",
    'CMD="torchrun ${X} ${BASE}/train.py --c conf/a.yaml"\nrun --command "uv run python b/c.py --x 1"\nnotify "python is needed"\n',
    [
      "${BASE}/train.py -> {…}/train.py @script | command hard run keep=8 prefix={…}",
      "conf/a.yaml -> conf/a.yaml @script | argument soft read c",
      "b/c.py -> b/c.py @script | command hard run",
    ],
  ],
  [
    "files that messages name",
    'log() { echo $1; }\nlog "run ./prepare.sh first, see docs/a.md"\necho "wrote $OUT/x.json and e.g. this"\n',
    [
      "./prepare.sh -> prepare.sh @script | text weak read",
      "docs/a.md -> docs/a.md @script | text weak read",
    ],
  ],
  [
    "defaults that `:` sets",
    ': "${CONFIG:=./conf/a.yaml}"\nsource "$CONFIG"\n',
    ["./conf/a.yaml -> conf/a.yaml @script | value hard run CONFIG"],
  ],
  [
    "conda run, and options that name files",
    "conda run -n env bash a/b.sh\ntsc -p tsconfig.json\nsrun -p gpu --container-mounts ./x.py:/app/x.py python /app/x.py\n",
    [
      "a/b.sh -> a/b.sh @script | command hard run",
      "tsconfig.json -> tsconfig.json @script | argument soft read p",
      "./x.py -> x.py @script | mount weak read",
      "/app/x.py -> /app/x.py @nowhere | command soft run",
    ],
  ],
];

describe("scanShell", () => {
  it.each(cases)("follows %s", (_, text, expected) => {
    expect(scan(text).mentions.map(shown)).toEqual(expected);
  });
});
