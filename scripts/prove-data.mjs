// Damaged lines and killed processes, in pieces with seeds of their own, until there were so many; begun again, it goes
// on from the seed that is given.
// node scripts/prove-data.mjs fuzz|kills [how many] [first seed, default 1] [how many a piece]
// fuzz: damaged files of three formats, 1,000,000 lines in all, 90,000 a piece. kills: 1,000 builds, 50 a piece, and a tenth as
// many of each process that works with S3 or a queue; then every write of a push over an older version.
import { spawnSync } from "node:child_process";

const proofs = {
  fuzz: {
    all: 1_000_000,
    piece: 90_000,
    files: ["tests/data/fuzz.test.ts"],
    settings: (count, seed) => ({
      TRAINING_READY_FUZZ_LINES: String(Math.ceil(count / 3)),
      TRAINING_READY_FUZZ_SEED: String(seed),
    }),
    said: "damaged lines, each accounted for",
  },
  kills: {
    all: 1000,
    piece: 50,
    files: ["tests/data/kill.test.ts", "tests/data/kill-remote.test.ts"],
    only: "kill|of machines|leave the bytes",
    settings: (count, seed) => ({
      TRAINING_READY_KILLS: String(count),
      TRAINING_READY_KILL_SEED: String(seed),
    }),
    last: ["tests/data/kill-push.test.ts"],
    said: "builds killed, same root",
  },
};
const [name = "", ...numbers] = process.argv.slice(2);
const proof = Object.hasOwn(proofs, name) ? proofs[name] : undefined;
if (proof === undefined) {
  process.stderr.write("prove-data.mjs fuzz|kills [how many] [first seed] [how many a piece]\n");
  process.exit(2);
}
const [all = proof.all, first = 1, piece = proof.piece] = numbers.map(Number);

function run(files, settings, only) {
  const words = [
    "node_modules/vitest/vitest.mjs",
    "run",
    ...files,
    "--reporter=dot",
    "--no-file-parallelism",
  ];
  if (only !== undefined) words.push("-t", only);
  const { status } = spawnSync(process.execPath, words, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...settings },
  });
  return status === 0;
}

let done = 0;
for (let seed = first; done < all; seed += 1) {
  const count = Math.min(piece, all - done);
  if (!run(proof.files, proof.settings(count, seed), proof.only)) {
    process.stdout.write(`a failure at seed ${seed} of ${count}\n`);
    process.exit(1);
  }
  done += count;
  process.stdout.write(`${done} ${proof.said}, seeds ${first} to ${seed}\n`);
}
if (proof.last !== undefined && !run(proof.last, proof.settings(piece, first))) {
  process.stdout.write(`a failure in ${proof.last.join(" ")}\n`);
  process.exit(1);
}
