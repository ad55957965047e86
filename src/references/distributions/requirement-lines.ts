/** A distribution's name in the one form that all spellings share. */
export const normalName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, "-");

const requirement = /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:$|[<>=!~;@(,\s])/;
const address = /(?:^|@\s*)(?:git\+|hg\+|svn\+|https?:|file:|ssh:)\S*/;

const hosted = /(?:github|gitlab|bitbucket)[^/:\s]*[/:]([\w.-]+)\/([\w.-]+?)(?:\.git)?(?:[@/#?]\S*)?$/i;

/** The distribution that one requirement names, `owner/name` for a host's repository; undefined for options, local paths and what is no requirement. */
export function requirementName(text: string): string | undefined {
  const line = text.replace(/(?:^|\s)#.*$/, "").trim();
  if (line === "" || /^[./~]/.test(line)) return undefined;
  const editable = /^(?:-e|--editable)[\s=]+(.*)$/.exec(line)?.[1];
  const source = editable ?? line;
  const egg = /[#&]egg=([\w.-]+)/.exec(text)?.[1];
  if (egg !== undefined) return normalName(egg);
  const named = requirement.exec(source)?.[1];
  if (named !== undefined && !/^(?:git|https?|file|ssh|hg)$/.test(named)) return normalName(named);
  if (address.test(source)) {
    const repositoryOfHost = hosted.exec(source);
    if (repositoryOfHost !== null)
      return `${normalName(repositoryOfHost[1] as string)}/${normalName(repositoryOfHost[2] as string)}`;
    const wheel = /\/([A-Za-z0-9][\w.]*)-\d[^/]*\.(?:whl|tar\.gz|zip)/.exec(source)?.[1];
    const repository = /\/([\w.-]+?)(?:\.git)?(?:@[^/]*)?(?:[#?].*)?$/.exec(source)?.[1];
    const name = wheel ?? repository;
    return name === undefined ? undefined : normalName(name);
  }
  return undefined;
}

/** All distributions that a requirements file names. `-r` files are files of their own. */
export function requirementsIn(text: string): string[] {
  return text
    .replaceAll(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .map((line) => (/^\s*-(?!e|-editable)/.test(line) ? undefined : requirementName(line)))
    .filter((name) => name !== undefined);
}

const optionWithValue =
  /^(?:-[rcifetnpm]|--(?:requirement|constraint|index-url|extra-index-url|find-links|target|name|prefix|channel|python|group))$/;

/** Distributions in `pip install …` lines of a script, Dockerfile or document. */
export function installedBy(text: string): string[] {
  const names: string[] = [];
  const joined = text.replaceAll(/\\\r?\n/g, " ");
  for (const match of joined.matchAll(
    /\b(?:pip3?|uv|conda|mamba|poetry|micromamba)\s+(?:pip\s+)?(?:install|add)\s+([^\n;&|`]*)/g,
  )) {
    let isValue = false;
    for (const word of (match[1] as string).split(/\s+/)) {
      const name =
        word.startsWith("-") || isValue ? undefined : requirementName(word.replaceAll(/["']/g, ""));
      isValue = optionWithValue.test(word);
      if (name !== undefined) names.push(name);
    }
  }
  return names;
}
