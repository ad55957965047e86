// A stand-in for rclone: a folder is Drive. It takes the command lines and variables of the real one, and no others.
import { createHash } from "node:crypto";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

const { RCLONE_STATE: state, RCLONE_REFUSES: refuses } = process.env;
const words = process.argv.slice(2);
appendFileSync(join(state, "log.jsonl"), `${JSON.stringify(words)}\n`);
const end = (status, line) => {
  process.stderr.write(`2026/11/26 00:00:00 ${line}\n`);
  process.exit(status);
};
const flags = new Set([
  "--hash",
  "--no-mimetype",
  "--recursive",
  "--files-only",
  "--stat",
  "--ignore-times",
  "--no-traverse",
  "--drive-use-trash=true",
  "--ask-password=false",
  "--long",
]);
const plain = [];
let offset = 0;
let config;
for (let at = 0; at < words.length; at++) {
  if (words[at] === "--config") config = words[++at];
  else if (words[at] === "--offset") offset = Number(words[++at]);
  else if (!words[at].startsWith("--")) plain.push(words[at]);
  else if (!flags.has(words[at])) end(1, `Fatal error: unknown flag: ${words[at]}`);
}
const [command, ...rest] = plain;

function placeOf(address) {
  const [, remote, path] = /^([^:]+):(.*)$/.exec(address);
  const [name, option] = remote.split(",root_folder_id=");
  const prefix = `RCLONE_CONFIG_${name.toUpperCase()}_`;
  let root = option;
  if (option === undefined) {
    if (process.env[`${prefix}TYPE`] !== "drive") end(1, "didn't find section in config file");
    root = process.env[`${prefix}ROOT_FOLDER_ID`];
    const token = JSON.parse(process.env[`${prefix}TOKEN`] ?? "{}");
    if (token.access_token !== "drive-token" || config !== "")
      end(1, `googleapi: Error 401: Invalid Credentials for ${token.access_token}, authError`);
  } else if (config !== undefined || name !== "mine") end(1, "didn't find section in config file");
  if (path.split("/").some((part) => part === "." || part === ".."))
    end(3, "error listing: directory not found");
  return join(state, root, path);
}
const shown = (file, path) => {
  const body = readFileSync(file);
  return {
    Path: path,
    Name: basename(path),
    Size: body.length,
    IsDir: false,
    ModTime: "2026-01-01T00:00:00Z",
    Hashes: { md5: createHash("md5").update(body).digest("hex") },
  };
};

if (command === "version") process.stdout.write("rclone v1.99.0-stand-in\n- os: none\n");
else if (command === "listremotes") process.stdout.write("mine:  drive\nother: s3\n");
else if (refuses !== undefined && command === refuses)
  end(1, "googleapi: Error 403: The user has insufficient permissions, insufficientFilePermissions");
else if (command === "lsjson") {
  const place = placeOf(rest[0]);
  if (!existsSync(place)) end(3, "error listing: directory not found");
  if (words.includes("--stat"))
    process.stdout.write(
      JSON.stringify(
        statSync(place).isDirectory()
          ? { Path: "", Name: "", Size: -1, IsDir: true }
          : shown(place, basename(place)),
      ),
    );
  else {
    const files = readdirSync(place, { recursive: true }).filter((path) =>
      statSync(join(place, path)).isFile(),
    );
    const document = { Path: "plan.docx", Name: "plan.docx", Size: -1, IsDir: false };
    process.stdout.write(JSON.stringify([...files.map((path) => shown(join(place, path), path)), document]));
  }
} else if (command === "cat") {
  const body = readFileSync(placeOf(rest[0])).subarray(offset);
  const cut = join(state, "cut-once");
  if (existsSync(cut)) {
    renameSync(cut, `${cut}.done`);
    process.stdout.write(body.subarray(0, Math.floor(body.length / 2)), () =>
      end(1, "Failed to cat: unexpected EOF"),
    );
  } else process.stdout.write(body);
} else if (command === "copyto") {
  const target = placeOf(rest[1]);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(rest[0], target);
} else if (command === "deletefile") {
  mkdirSync(join(state, "bin"), { recursive: true });
  renameSync(placeOf(rest[0]), join(state, "bin", basename(rest[0])));
} else end(1, `Error: unknown command ${command}`);
