import type { Meaning, Rule } from "./rules.ts";

type More = Omit<Rule, "keys" | "as">;

/** A value of one line, and the same over several lines. */
function under(sections: string, key: string, as: Meaning, more: More = {}): Rule[] {
  return sections.split(",").flatMap((section) => [
    { keys: [section, key], as, ...more },
    { keys: [section, key, "#"], as, ...more },
  ]);
}

const hard = { strength: "hard" } as const;
const pattern = { kind: "pattern" } as const;
const pytest = "pytest,tool:pytest";
const coverageRun = "run,coverage:run";
const coverageReport = "report,coverage:report";

/** Where setup.cfg, tox.ini and the files of single tools hold paths. */
export const iniRules: readonly Rule[] = [
  ...under("metadata", "license_files", "paths", pattern),
  ...under("metadata", "license_file", "path"),
  ...under("options", "packages", "package", hard),
  ...under("options", "py_modules", "module", { use: "import" }),
  ...under("options", "scripts", "path", hard),
  ...under("options", "install_requires", "text"),
  ...under("options.packages.find", "where", "path", hard),
  ...under("options.packages.find", "include", "package", { strength: "weak" }),
  ...under("options.packages.find", "exclude", "package", { strength: "weak" }),
  { keys: ["options.package_data", "*"], as: "path", below: 1, kind: "pattern" },
  { keys: ["options.package_data", "*", "#"], as: "path", below: 1, kind: "pattern" },
  { keys: ["options.data_files", "*", "#"], as: "path", kind: "pattern" },
  { keys: ["options.extras_require", "**"], as: "text" },
  ...under(pytest, "testpaths", "paths"),
  ...under(pytest, "pythonpath", "paths"),
  ...under(pytest, "norecursedirs", "text"),
  ...under(pytest, "python_files", "text"),
  ...under(pytest, "filterwarnings", "text"),
  ...under(pytest, "markers", "text"),
  ...under("flake8", "exclude", "paths", pattern),
  ...under("flake8", "extend-exclude", "paths", pattern),
  ...under("flake8", "filename", "paths", pattern),
  ...under("flake8", "ignore", "text"),
  ...under("pycodestyle,pep8", "exclude", "paths", pattern),
  ...under("isort,settings", "skip", "paths", pattern),
  ...under("isort,settings", "extend_skip", "paths", pattern),
  ...under("isort,settings", "src_paths", "paths"),
  ...under("isort,settings", "known_third_party", "text"),
  ...under("mypy", "files", "paths"),
  ...under("mypy", "mypy_path", "paths"),
  ...under("mypy", "exclude", "regex"),
  ...under("mypy", "plugins", "text"),
  ...under(coverageRun, "source", "paths"),
  ...under(coverageRun, "omit", "paths", pattern),
  ...under(coverageRun, "include", "paths", pattern),
  ...under(coverageReport, "omit", "paths", pattern),
  ...under(coverageReport, "include", "paths", pattern),
  ...under(coverageReport, "exclude_lines", "text"),
  ...under("MASTER,MAIN", "ignore-paths", "regex"),
  ...under("MASTER,MAIN", "ignore", "text"),
  ...under("codespell", "skip", "paths", pattern),
  ...under("codespell", "ignore-words", "path", hard),
  ...under("yapf", "based_on_style", "text"),
  ...under("bandit", "exclude", "paths", pattern),
  ...under("tox", "setupdir", "path", hard),
  ...under("testenv", "changedir", "path"),
  ...under("build_sphinx", "source-dir", "path", hard),
  ...under("aliases", "test", "text"),
];
