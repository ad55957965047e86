/** Every error code of the program: when it happens and what to do. `docs/reference/errors.md` is generated from it. */
export const errorCatalogue = {
  // general
  E_INTERNAL: {
    when: "the program failed in a way nobody foresaw",
    hint: "Run again with --debug and report the stack.",
  },
  E_INPUT: { when: "a value does not fit its schema", hint: "Correct the named field." },
  E_CANCELLED: { when: "the command was interrupted", hint: "Run it again; finished work is kept." },
  E_FILE_MISSING: {
    when: "a file or folder that was named does not exist",
    hint: "Check the path; relative paths start at the working directory.",
  },
  E_FILE_UNREADABLE: {
    when: "a file exists but cannot be read or parsed",
    hint: "Check its permissions and its contents.",
  },
  E_WRITE_FAILED: {
    when: "an output could not be written",
    hint: "Check free space and permissions of the output folder.",
  },
  // command line
  E_CLI_UNKNOWN_COMMAND: { when: "the command does not exist", hint: "See `training-ready --help`." },
  E_CLI_UNKNOWN_FLAG: { when: "a flag is not known to the command", hint: "See the command's --help." },
  E_CLI_ARGUMENT: {
    when: "an argument or a flag's value is missing, surplus or wrong",
    hint: "See the command's --help.",
  },
  E_NEEDS_YES: {
    when: "a command that writes was run without a terminal to ask on",
    hint: "Look at what it would do, then add --yes.",
  },
  // home
  E_CONFIG: {
    when: "training-ready.yaml does not fit its schema",
    hint: "Correct the key that the message names.",
  },
  E_CONFIG_TWICE: {
    when: "more than one training-ready.yaml applies",
    hint: "Keep one, or name it with --config.",
  },
  E_HOME_MISSING: { when: "no home was found", hint: "Run `training-ready init`, or name it with --home." },
  E_HOME_EXISTS: {
    when: "init would overwrite a home",
    hint: "Choose another folder, or edit the existing training-ready.yaml.",
  },
  E_MANIFEST: {
    when: "home.json does not fit its schema",
    hint: "Restore it, or run `training-ready audit --out DIR` and compare.",
  },
  // data
  E_DATA_NO_SOURCE: {
    when: "a data set is to be built and the config names no source",
    hint: "Add `data.sources` with name, uri and licence to training-ready.yaml.",
  },
  E_DATA_SOURCE_MISSING: {
    when: "a source does not exist or cannot be read",
    hint: "Check its uri; relative ones start at the folder of the config file.",
  },
  E_DATA_SOURCE_EMPTY: {
    when: "a source holds no item at all",
    hint: "Replace the file, or take the source out of the config.",
  },
  E_DATA_SOURCE_CHANGED: {
    when: "a source changed while it was read",
    hint: "Let the other program finish writing, then run the command again.",
  },
  E_DATA_SOURCE_FORMAT: {
    when: "the format of a source cannot be told, or is not supported",
    hint: "Name it: `format: csv`, `tsv`, `json` or `jsonl` beside the source's uri.",
  },
  E_DATA_QUARANTINE: {
    when: "more of a source went to quarantine than `data.quarantine.max_share` allows",
    hint: "See quarantine/ in the data set for place and code of each item; mend the source, name its `fields`, or raise the share.",
  },
  E_DATA_OUT: {
    when: "the output folder holds something that is no data set",
    hint: "Name an empty or new folder with --out.",
  },
  E_DATA_SET: {
    when: "a data set's manifest or files do not agree",
    hint: "Run `training-ready data build` to make it again.",
  },
  E_DATA_CONSERVATION: {
    when: "records were lost or counted twice: read is not written + quarantined + deduplicated + not selected",
    hint: "This is a defect of the program; please report the counts.",
  },
  // repository and git
  E_GIT: { when: "git failed", hint: "Run the git command that the message names by hand." },
  E_NO_GIT: {
    when: "the command needs a git repository",
    hint: "Run `git init` and commit, then try again.",
  },
  E_PATH_OUTSIDE: { when: "a path leaves the repository", hint: "Name a path below the repository's root." },
} as const satisfies Record<string, { when: string; hint: string }>;
