import { baseName, roleOf, suffixOf } from "../extract/path-shape.ts";

const placeholder =
  /(?:^|\/)paths?[-_/]?(?:to|of)(?:[-_/]|$)|<[^>]*>|(?:^|[/_-])(?:your|xxx+|foo|bar|baz|qux|foobar|placeholder|todo|tbd|changeme)(?:$|[/_.-])|(?:^|[/_-])(?:my|some|example|dummy)[-_](?:data\w*|model\w*|folder|dir\w*|project|files?|path|script|config\w*|experiment|repo\w*|module|package|app|output\w*|checkpoint\w*|image\w*|video\w*|team|org|name|user)(?:$|[/_.-])|\.\.\.|…|\bX{2,}\b|(?:^|\/)(?:file|filename|somefile|script|folder|input)(?:\.\w+|\d+(?:\.\w+)?)?$|\[[\w -]+\]|YYYY|MMDD|_{3,}|#{2,}/i;

/** True for a path that is made to be filled in: `path/to/…`, `your_…`, `<name>`, `foo/bar`. */
export function isPlaceholder(path: string): boolean {
  return placeholder.test(path);
}

const generatedFolder =
  /(?:^|\/)(?:out|outputs?|generated|(?:[\w-]+[-_])?(?:results?|outputs?|logs?|reports)|runs?|wandb|mlruns|lightning_logs|tensorboard|tb_logs|checkpoints?|ckpts?|saved?_?models?|build|dist|cache|\.cache|__pycache__|node_modules|\.venv|venv|env|tmp|temp|work_dirs?|exp|artifacts?|site|_build|htmlcov|coverage|target|\.pytest_cache|nemo_experiments|multirun|snapshots?|logdir|htmlcov|\.terraform|\.git|\.ipynb_checkpoints|[\w.-]+\.egg-info)(?:\/|$)/i;

/** True for folders that programs write. */
export function isUsuallyGenerated(path: string): boolean {
  return (
    generatedFolder.test(path) ||
    path.endsWith("bin/activate") ||
    ["log", "out", "err"].includes(suffixOf(path))
  );
}

const dataFolder =
  /(?:^|\/)(?:data|datas?ets?|[\w-]*_data|data_[\w-]*|corpus|corpora|raw|processed|train(?:ing)?_data[\w-]*|[\w-]+_datasets?[\w-]*|datasets?_[\w-]+|knowledge(?:_base)?|samples)(?:\/|$)/i;
const dataName =
  /(?:^|[_-])(?:datasets?|corpus|corpora|conversations?|dialogues?|training_data|knowledge_base|embeddings?|annotations?|train|valid|validation|test|dev|eval|records|samples)(?:[_-][\w-]*)?\.(?:json|txt|xml|sql)$/i;
const settingName =
  /config|setting|params|args|schema|manifest|index|summary|report|package|spec|metadata|info|requirements|readme|license|notes/i;

/** Archives of programs, not of data. */
export const programArchive = /\.(?:whl|egg|jar|deb|rpm|nupkg|crate)$/i;

/** Why a path is taken to name data: its suffix, its folder; undefined if it is not. `hasDataKey`: its key says data. */
export function dataReason(path: string, hasDataKey: boolean): string | undefined {
  const role = roleOf(path);
  const suffix = suffixOf(path);
  if (programArchive.test(path)) return undefined;
  if (role === "data" || role === "archive" || role === "model") return `.${suffix} file`;
  const isInDataFolder = dataFolder.test(path.slice(0, path.lastIndexOf("/") + 1));
  if (role === undefined && suffix !== "" && isInDataFolder) return "in a data folder";
  const isSetting = settingName.test(baseName(path));
  const isText = suffix === "json" || suffix === "txt" || suffix === "xml";
  if (isText && isInDataFolder) return "in a data folder";
  if (isText && hasDataKey && !isSetting) return "under a data key";
  if (dataName.test(baseName(path)) && !isSetting) return "named like a data set";
  if (suffix === "" && (hasDataKey || dataFolder.test(path))) return "a data folder";
  return role === "media" && isInDataFolder ? "media in a data folder" : undefined;
}

const machine =
  /^(?:~|[A-Za-z]:\/|\/(?:kaggle|content|mnt|home|root|Users|data\d*|datasets?|scratch\w*|gpfs\w*|lustre\w*|nfs\w*|fsx|efs|shared?|tmp|temp|var|media|raid\d*|ssd\w*|nvme\w*|disk\w*|storage|network|net|work\w*|teamspace|projects?|p|cluster\w*|beegfs|ceph|volumes?|Volumes|private|groups?|export|vol\w*|databricks|dbfs)(?:\/|$))/;
const system = /^\/(?:usr|bin|sbin|etc|opt|lib|lib64|proc|sys|dev|run|boot)(?:\/|$)/;

/** What an absolute path that is not below a mount names; `route`: rather an address of a service than a file. `isTelling`: its key speaks of files. */
export function absoluteNature(path: string, isTelling: boolean): "machine" | "system" | "route" {
  if (system.test(path)) return "system";
  if (machine.test(path) || isTelling) return "machine";
  return roleOf(path) === undefined && !path.endsWith("/") ? "route" : "machine";
}
