#!/usr/bin/env node
// Stands in for `ovhai`: takes what its published --help takes, refuses the rest, and keeps objects, jobs and apps in a
// folder (OVHAI_STATE). OVHAI_FAULT makes it fail as the real one does.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  appendFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

const state = process.env.OVHAI_STATE;
const fault = process.env.OVHAI_FAULT ?? "";
const words = process.argv.slice(2);
appendFileSync(join(state, "calls"), `${JSON.stringify(words)}\n`);

if (words[0] === "--version") {
  process.stdout.write("ovhai stand-in\n");
  process.exit(0);
}

const die = (text) => {
  process.stderr.write(`error: ${text}\n`);
  process.exit(2);
};

const value = "value";
const run = {
  "--name": value,
  "--flavor": value,
  "--gpu": value,
  "--timeout": value,
  "--label": value,
  "--volume": value,
  "--env": value,
  "--output": value,
  "--default-http-port": value,
  "--unsecure-http": "flag",
  "--ssh-public-keys": value,
};
const scale = {
  "--replicas": value,
  "--auto-min-replicas": value,
  "--auto-max-replicas": value,
  "--auto-resource-type": value,
  "--auto-resource-usage-threshold": value,
};
const commands = {
  login: {},

  "datastore list": {},
  "capabilities flavor list": { "--output": value },
  "job run": run,
  "job list": { "--output": value },
  "job logs": { "--follow": "flag", "--tail": value },
  "job stop": {},
  "job get": { "--output": value },
  "app run": { ...run, ...scale, "--probe-path": value, "--probe-port": value },
  "app scale": scale,
  "app get": { "--output": value },
  "app stop": {},
  "app delete": {},
  "bucket object list": { "--prefix": value, "--output": value },
  "bucket object upload": {
    "--add-prefix": value,
    "--remove-prefix": value,
    "--dry-run": "flag",
    "--delete": "flag",
  },
  "bucket object download": { "--prefix": value, "--remove-prefix": value, "--output": value },
};

const name = Object.keys(commands)
  .sort((a, b) => b.length - a.length)
  .find((one) => words.slice(0, one.split(" ").length).join(" ") === one);
if (name === undefined) die(`unrecognized subcommand ${words.join(" ")}`);
const options = {};
const given = [];
let rest = [];
for (let at = name.split(" ").length; at < words.length; at++) {
  const word = words[at];
  if (word === "--") {
    rest = words.slice(at + 1);
    break;
  }
  if (!word.startsWith("-")) {
    given.push(word);
    continue;
  }
  const kind = commands[name][word];
  if (kind === undefined) die(`unexpected argument '${word}' found`);
  if (kind === "flag") options[word] = true;
  else {
    const taken = words[++at];
    if (taken === undefined) die(`a value is required for '${word}'`);
    (options[word] ??= []).push(taken);
  }
}
const one = (key) => options[key]?.at(-1);

if (fault === "token" && name !== "login") {
  process.stderr.write("error: 401 Unauthorized: token has expired\n");
  process.exit(1);
}

const flavours = [
  { id: "l40s-1-gpu", max: 4 },
  { id: "a100-1-gpu", max: 2 },
  { id: "h100-1-gpu", max: fault === "quota" ? 0 : 4 },
];
const bucketOf = (place) => {
  const found = /^([a-z0-9][a-z0-9-]+[a-z0-9])@([A-Za-z0-9-]+)$/.exec(place ?? "");
  if (!found) die(`${place} is no container@data_store`);
  return join(state, "objects", found[2], found[1]);
};
const filesBelow = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((path) => statSync(join(folder, path)).isFile())
        .sort()
    : [];
const put = (path, content) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

function checkVolume(text) {
  const found =
    /^([a-z0-9-]+)@([A-Za-z0-9-]+)(\/[^:]*)?:(\/[^:]+)(?::(ro|rw|rwd))?(?::(cache|no-cache))?$/.exec(text);
  if (!found) die(`invalid value '${text}' for '--volume'`);
  return found[4];
}

function start(kind) {
  const [image, ...command] = [...given, ...rest];
  if (!/^[a-z0-9./_-]+(?::[\w.-]+)?$/.test(image ?? "")) die("the image is missing");
  const mounts = (options["--volume"] ?? []).map(checkVolume);
  if (new Set(mounts).size !== mounts.length) die("two volumes have one mount path");
  const flavour = flavours.find(({ id }) => id === one("--flavor"));
  if (flavour === undefined) die(`unknown flavor ${one("--flavor")}`);
  if (Number(one("--gpu")) > flavour.max) die("402: quota exceeded");
  if (one("--timeout") !== undefined && !/^\d+[smhd]$/.test(one("--timeout"))) die("invalid timeout");
  const id = `${kind}-${filesBelow(join(state, kind)).length + 1}`;
  put(join(state, kind, id), JSON.stringify({ image, command, options }));
  process.stdout.write(`${JSON.stringify({ id })}\n`);
}

const oneId = () => {
  if (given.length !== 1) die(`one id is required, ${given.length} given`);
};

if (name === "login" || name === "datastore list") process.stdout.write("GRA\n");
else if (name === "capabilities flavor list") process.stdout.write(JSON.stringify(flavours));
else if (name === "job run") start("job");
else if (name === "app run") start("app");
else if (/^(?:job|app) /.test(name) && name !== "job list") {
  oneId();
  process.stdout.write(`${name} ${given[0]}\n`);
} else if (name === "job list") process.stdout.write(`${filesBelow(join(state, "job")).join("\n")}\n`);
else if (name === "bucket object list") {
  const names = filesBelow(bucketOf(given[0])).filter((path) => path.startsWith(one("--prefix") ?? ""));
  process.stdout.write(
    one("--output") === "json"
      ? JSON.stringify(names.map((path) => ({ name: path })))
      : `${names.join("\n")}\n`,
  );
} else if (name === "bucket object upload") {
  const [place, ...paths] = given;
  if (paths.length === 0) die("a path is required");
  for (const path of paths) {
    if (!existsSync(path)) die(`${path} does not exist`);
    const files = statSync(path).isDirectory() ? filesBelow(path).map((below) => join(path, below)) : [path];
    for (const file of files) {
      const left = one("--remove-prefix") ?? "";
      const key = `${one("--add-prefix") ?? ""}${file.startsWith(left) ? file.slice(left.length) : file}`;
      put(join(bucketOf(place), key), readFileSync(file));
    }
  }
} else if (name === "bucket object download") {
  const output = one("--output") ?? "./";
  if (!output.endsWith("/")) die("add_prefix should ends with a '/'");
  const folder = bucketOf(given[0]);
  for (const path of filesBelow(folder).filter((path) => path.startsWith(one("--prefix") ?? ""))) {
    const left = one("--remove-prefix") ?? "";
    put(
      join(output, path.startsWith(left) ? path.slice(left.length) : path),
      readFileSync(join(folder, path)),
    );
  }
}
