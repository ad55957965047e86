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
  // repository and git
  E_GIT: { when: "git failed", hint: "Run the git command that the message names by hand." },
  E_NO_GIT: {
    when: "the command needs a git repository",
    hint: "Run `git init` and commit, then try again.",
  },
  E_SAMPLE_FOLDER: {
    when: "the sample's folder is in use, or its key would lie inside it",
    hint: "Name an empty or new folder: `training-ready sample DIR`.",
  },
  E_PATH_OUTSIDE: { when: "a path leaves the repository", hint: "Name a path below the repository's root." },
} as const satisfies Record<string, { when: string; hint: string }>;
