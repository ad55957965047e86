const byName: readonly (readonly [RegExp, string])[] = [
  [/\.(?:md|mdx)$/, "markdown"],
  [/\.rst$/, "rst"],
  [/\.ipynb$/, "notebook"],
  [/(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/, "compose"],
  [/\.github\/workflows\//, "workflow"],
  [/job[^/]*\.ya?ml$/, "job"],
  [/\.ya?ml$/, "yaml"],
  [/\.json$/, "json"],
  [/(?:^|\/)pyproject\.toml$/, "pyproject"],
  [/\.toml$/, "toml"],
  [/\.py$/, "python"],
  [/\.sh$/, "shell"],
  [/(?:^|\/)Makefile$/, "makefile"],
  [/(?:^|\/)Dockerfile[^/]*$/, "dockerfile"],
  [/(?:^|\/)requirements[^/]*\.txt$/, "requirements"],
  [/(?:^|\/)\.gitignore$/, "gitignore"],
  [/(?:^|\/)CODEOWNERS$/, "codeowners"],
  [/\.log$/, "log"],
];

/** What the key calls the format of a file, for figures per format. */
export function formatOf(path: string): string {
  return byName.find(([pattern]) => pattern.test(path))?.[1] ?? "other";
}
