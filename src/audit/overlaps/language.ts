/** How a file is compared: what starts a comment, what spans lines, which names it defines. */
export type Language =
  | "python"
  | "script" // "#" comments: shell, Dockerfile, Makefile, HCL, R, ini
  | "braces" // "//" and "/* */" comments: JavaScript, TypeScript, C, CUDA, Java, Go, Rust, Jsonnet
  | "json"
  | "yaml"
  | "toml"
  | "requirements"
  | "notebook"
  | "text"
  | "other"; // data, and what has no telling name: only differences of format are looked for

const byExtension: Record<string, Language> = {};
for (const [language, extensions] of Object.entries({
  python: "py pyi pyx",
  script:
    "sh bash zsh slurm sbatch mk cmake tf tfvars hcl r jl pl rb cfg ini conf env properties template tmpl",
  braces:
    "js jsx ts tsx mjs cjs c h cc cpp hpp cxx cu cuh java go rs kt swift scala cs proto jsonnet libsonnet css scss php groovy",
  json: "json json5 jsonc",
  yaml: "yaml yml",
  toml: "toml",
  notebook: "ipynb",
  text: "md mdx rst html htm txt tex adoc xml sql",
}) as [Language, string][]) {
  for (const extension of extensions.split(" ")) byExtension[extension] = language;
}

// Written by a tool, or data: alike by nature, and nobody's copy.
const generatedName =
  /(?:^|[-_.])lock\.(?:json|ya?ml)$|^(?:package-lock|npm-shrinkwrap|pnpm-lock|composer)\.|\.min\.(?:js|css)$|^(?:vocab|merges|tokenizer|special_tokens_map|added_tokens|dict)[^/]*\.(?:json|txt)$/i;
const legalName = /^(?:LICEN[CS]E|COPYING|NOTICE|AUTHORS|PATENTS|CODE_OF_CONDUCT|SECURITY|CONTRIBUTING)/i;
const scriptName =
  /^(?:.*\.)?(?:Dockerfile|Containerfile|Makefile|Jenkinsfile|Snakefile|Procfile)(?:[._-].*)?$/i;

/** Text beyond which a file of this kind is taken for data, in bytes. */
const longest: Partial<Record<Language, number>> = { json: 128 * 1024, yaml: 256 * 1024, text: 256 * 1024 };
const longestCode = 1024 * 1024;
const longestOther = 64 * 1024;
const longestNotebook = 4 * 1024 * 1024;

/** The language in which copies of a file are looked for; undefined for large data, generated and legal texts. */
export function languageOf(path: string, sizeBytes: number): Language | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (generatedName.test(name) || legalName.test(name)) return undefined;
  const dot = name.lastIndexOf(".");
  let language: Language | undefined;
  if (/^(?:.*[-_.])?requirements?(?:[-_.].*)?\.(?:txt|in)$/i.test(name)) language = "requirements";
  else if (scriptName.test(name)) language = "script";
  else if (dot >= 0) language = byExtension[name.slice(dot + 1).toLowerCase()];
  if (language === undefined) return sizeBytes <= longestOther ? "other" : undefined;
  if (language === "notebook") return sizeBytes <= longestNotebook ? language : undefined;
  if (language === "text" && /\.txt$/i.test(name) && sizeBytes > 32 * 1024) return undefined;
  return sizeBytes <= (longest[language] ?? longestCode) ? language : undefined;
}

/** True for files of keys and values, whose order is no matter. */
export function isSettings(language: Language): boolean {
  return language === "json" || language === "yaml" || language === "toml" || language === "requirements";
}
