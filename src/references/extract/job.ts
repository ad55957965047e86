import type { Base, Extraction, Extractor, Mention } from "../schema.ts";
import { fits, type Scalar } from "../structure/scalar.ts";
import { SpecialReader, withHoles } from "../structure/special-reader.ts";
import { yamlScalars } from "../structure/yaml-scalars.ts";
import { yaml } from "./yaml.ts";

/** Containers run their image's files; that those were copied from beside the job is only likely. */
const beside: readonly Base[] = [{ kind: "file" }, { kind: "package" }, { kind: "root" }, { kind: "above" }];

type Container = { scalars: Scalar[]; at: number };

/** Kubernetes manifests and jobs of clouds: commands that run in images, manifests that a kustomization lists. */
export const job: Extractor = {
  format: "job",
  version: 4,
  matches: (path, head) =>
    /\.ya?ml(?:[.-](?:template|tmpl|j2|in|example))?$/i.test(path) &&
    (/^(?:apiVersion|kind):/m.test(head) ||
      /(?:^|\/)kustomization\.ya?ml$|(?:^|\/)(?:k8s|kubernetes|manifests|charts|helm|templates)\/|(?:^|[/._-])(?:jobs?|pods?|deployment|pytorchjob|rayjob)(?:[._-][^/]*)?\.ya?ml/i.test(
        path,
      )),
  extract(text, path) {
    const reader = new SpecialReader(text);
    const containers = new Map<string, Container>();
    for (const scalar of yamlScalars(text)) {
      if (/(?:^|\/)kustomization\.ya?ml$/.test(path)) readKustomization(reader, scalar);
      if (/^(?:apiVersion|kind|image|namespace)$/.test(String(scalar.keys.at(-1)))) reader.claim(scalar);
      const at = scalar.keys.findLastIndex(
        (key) => key === "command" || key === "args" || key === "workingDir" || key === "working_dir",
      );
      if (at < 0 || at < scalar.keys.length - 2) continue;
      const id = `${scalar.document}\n${scalar.keys.slice(0, at).join("\n")}`;
      const container = containers.get(id);
      if (container === undefined) containers.set(id, { scalars: [scalar], at });
      else container.scalars.push(scalar);
    }
    for (const container of containers.values()) readContainer(reader, container);
    return softened(reader.done(yaml.extract(text, path)));
  },
};

/** Nothing in a manifest fails here, where the image's files are not. */
function softened(extraction: Extraction): Extraction {
  for (const mention of extraction.mentions) if (isInContainer(mention)) mention.strength = "soft";
  return extraction;
}

function isInContainer({ strength, kind }: Mention): boolean {
  return strength === "hard" && kind !== "include";
}

function readKustomization(reader: SpecialReader, scalar: Scalar): void {
  const { keys, value } = scalar;
  const isList =
    /^(?:resources|bases|components|crds|configurations|patchesStrategicMerge|generators|transformers)$/;
  const isFile = isList.test(String(keys[0])) && keys.length === 2 && !scalar.isBlock;
  if (isFile || fits(keys, "patches", "#", "path") || fits(keys, "helmCharts", "#", "valuesFile")) {
    if (/^[a-z]+:\/\/|^github\.com\//.test(value)) reader.claim(scalar);
    else
      reader.scalar(scalar, {
        kind: "include",
        strength: "hard",
        use: "read",
        key: String(keys[0]),
        bases: [{ kind: "file" }],
      });
  } else if (fits(keys, "configMapGenerator", "#", "files", "#") && scalar.isVerbatim) {
    const lead = /^[\w.-]+=/.exec(value)?.[0].length ?? 0;
    reader.path(
      { start: scalar.start + lead, end: scalar.end },
      {
        kind: "include",
        strength: "hard",
        use: "read",
        key: "files",
        encoding: "yaml",
        bases: [{ kind: "file" }],
      },
    );
  }
}

function readContainer(reader: SpecialReader, { scalars, at }: Container): void {
  const of = (name: string): Scalar[] => scalars.filter(({ keys }) => keys[at] === name);
  const folder = (of("workingDir")[0] ?? of("working_dir")[0])?.value;
  for (const scalar of [...of("workingDir"), ...of("working_dir")]) reader.claim(scalar);
  const words = [...of("command"), ...of("args")];
  const cwd = folder === undefined ? {} : { cwd: withHoles(folder) };
  const start = { bases: beside, cwdBase: "image" as const, ...cwd };
  const shell = words.findIndex(({ value }) => /^(?:\S*\/)?(?:ba|da|z)?sh$/.test(value));
  const script = words.findIndex(
    ({ value }, index) => index > shell && shell >= 0 && /^-[a-z]*c$/.test(value),
  );
  const whole = words.find(({ keys, isBlock }) => keys.length === at + 1 && (isBlock || shell < 0));
  for (const word of words.slice(0, script + 1)) reader.claim(word);
  if (script >= 0 && words[script + 1] !== undefined) reader.shell([words[script + 1] as Scalar], start);
  else if (whole !== undefined && words.length === 1) reader.shell([whole], start);
  else if (words.length > 0) {
    for (const word of words) readWord(reader, word);
    reader.words(words, { cwdBase: "image", ...cwd });
  }
}

/** A word of a command list: a path of the image, perhaps copied from here. */
function readWord(reader: SpecialReader, scalar: Scalar): void {
  const option = /^--?[\w-]+=/.exec(scalar.value)?.[0].length ?? 0;
  const value = scalar.value.slice(option);
  const isPath = /\.(?:py|sh|ya?ml|json|toml|cfg|ini|txt|jsonl)$/.test(value) && /^[\w./-]+$/.test(value);
  if (!isPath || !scalar.isVerbatim) return;
  reader.path(
    { start: scalar.start + option, end: scalar.end },
    { kind: "argument", strength: "soft", use: "read", key: "command", encoding: "yaml", bases: beside },
  );
}
