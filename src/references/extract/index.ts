import { decodeBytes } from "../byte-text.ts";
import { installedBy } from "../distributions/requirement-lines.ts";
import type { Extraction, Extractor } from "../schema.ts";
import { compose } from "./compose.ts";
import { continuousIntegration } from "./continuous-integration.ts";
import { dockerfile } from "./dockerfile.ts";
import { restructured } from "./documents.ts";
import { fileList } from "./file-list.ts";
import { codeOwners, dockerIgnore, gitAttributes, ignoreRules } from "./gatekeeper-patterns.ts";
import { gitModules } from "./gatekeeper-submodules.ts";
import { condaEnvironment, dependabot, documentationSite, labeler, preCommit } from "./gatekeeper-yaml.ts";
import { html } from "./html.ts";
import { job } from "./job.ts";
import { json } from "./json.ts";
import { makefile } from "./makefile.ts";
import { markdown } from "./markdown.ts";
import { navigation } from "./navigation.ts";
import { notebook } from "./notebook.ts";
import { procfile } from "./procfile.ts";
import { projectIni } from "./project-ini.ts";
import { devContainer, editorSettings, packageJson, typescriptConfig } from "./project-json.ts";
import { manifestIn } from "./project-manifest-in.ts";
import { pyproject } from "./project-pyproject.ts";
import { setupPy } from "./project-setup.ts";
import { requirements } from "./project-requirements.ts";
import { python } from "./python.ts";
import { shell } from "./shell.ts";
import { toml } from "./toml.ts";
import { yaml } from "./yaml.ts";
import { workflow } from "./workflow.ts";

/** Every format, the most telling first: the first match reads the file. One a line, so that branches merge. */
export const extractors: readonly Extractor[] = [
  // images, builds and jobs
  dockerfile,
  compose,
  workflow,
  continuousIntegration,
  job,
  makefile,
  procfile,
  // project files
  setupPy,
  pyproject,
  projectIni,
  requirements,
  manifestIn,
  packageJson,
  typescriptConfig,
  devContainer,
  editorSettings,
  condaEnvironment,
  documentationSite,
  // rules about paths
  preCommit,
  labeler,
  dependabot,
  gitModules,
  ignoreRules,
  dockerIgnore,
  gitAttributes,
  codeOwners,
  // code
  python,
  shell,
  // documents
  markdown,
  notebook,
  restructured,
  html,
  // data and configuration
  navigation,
  json,
  yaml,
  toml,
  fileList,
];

/** The extractor that reads a file, if any format fits. */
export function extractorFor(path: string, head: string): Extractor | undefined {
  return extractors.find((one) => one.matches(path, head));
}

const fetchingCall =
  /\b(?:download\w*|\w+_download|urlretrieve|unzip\w*|extractall|unpack_archive|get_file)[ \t]*\(|["'\s][!%][ \t]*(?:wget|curl|unzip|gdown|kaggle)\b/;
const fetchingCommand =
  /(?:^|[\n;&|(`])[ \t]*(?:sudo[ \t]+)?(?:(?:wget|curl|unzip|gdown|kaggle|aria2c)[ \t]|aws[ \t]+s3[ \t]+(?:cp|sync)[ \t]+s3:|gsutil[ \t]+(?:-m[ \t]+)?cp[ \t]+(?:-\w+[ \t]+)*gs:)/;

function isFetching(format: string, text: string): boolean {
  if (format === "python" || format === "notebook" || format === "markdown") return fetchingCall.test(text);
  return format === "shell" && fetchingCommand.test(text);
}

const containerOption =
  /(?:^|[\s"'(])--container-(?:image|name)\b|\b(?:docker|podman|apptainer|singularity|enroot)[ \t]+(?:run|exec|start)\b/;

/** What a file says, offsets in bytes on disk. Never throws for a file's contents: what fails becomes a note. */
export function extractFile(
  path: string,
  bytes: Uint8Array,
): { format: string; version: number; extraction: Extraction } | undefined {
  const { text, bomBytes, encoding } = decodeBytes(bytes);
  const extractor = extractorFor(path, text.slice(0, 256));
  if (extractor === undefined) return undefined;
  const { format, version } = extractor;
  if (encoding !== "utf8") {
    const message =
      encoding === "utf16"
        ? "UTF-16 text: listed, not read"
        : "binary contents under a text file's name: not read";
    return { format, version, extraction: { mentions: [], notes: [{ code: encoding, message }] } };
  }
  const extraction = extractor.extract(text, path);
  if (isFetching(format, text)) extraction.fetches = true;
  if (format === "shell" && containerOption.test(text)) extraction.startsContainers = true;
  if (format === "notebook" && /\binstall\b/.test(text)) {
    const installs = installedBy(text.replaceAll('\\"', "'").replaceAll(/\\n|"/g, "\n"));
    if (installs.length > 0) extraction.installs = installs;
  }
  if (bomBytes > 0) {
    for (const list of [
      extraction.mentions,
      extraction.imports ?? [],
      extraction.commands ?? [],
      extraction.fragments ?? [],
    ]) {
      for (const one of list) {
        one.start += bomBytes;
        one.end += bomBytes;
      }
    }
  }
  return { format, version, extraction };
}
