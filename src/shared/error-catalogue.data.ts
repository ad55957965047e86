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
  // training
  E_PYTHON_MISSING: {
    when: "training found no Python 3.11 or newer with venv",
    hint: "Install Python 3.11 or newer with its venv module (Debian: python3-venv).",
  },
  E_PYTHON_INSTALL: {
    when: "the trainer's Python packages could not be installed",
    hint: "Read pip's lines above; check the connection to your package registry, then run again.",
  },
  E_TRAIN_RECIPE: {
    when: "a recipe has a wrong key or value, or cannot be carried out on this machine",
    hint: "Correct the key that the message names.",
  },
  E_TRAIN_BASE: {
    when: "a base model is missing, damaged or of a kind that is not supported",
    hint: "Name a Llama, Mistral, Qwen2 or Qwen3 folder with config.json, tokenizer.json and safetensors.",
  },
  E_TRAIN_DATA: { when: "a data set cannot be trained on", hint: "Build the data set again." },
  E_TRAIN_COMPONENTS: {
    when: "a recipe weighs components that no conversation of the data set has",
    hint: "Add such conversations with `training-ready data generate`, or use --set unmatched_weights=leave_out.",
  },
  E_TRAIN_NO_TARGETS: {
    when: "no token of a data set is supervised",
    hint: "Training needs conversations with assistant turns.",
  },
  E_SHARD_CHANGED: {
    when: "a shard differs from its size or hash in the data manifest",
    hint: "Restore the file, or run `training-ready data build` to make it again.",
  },
  E_TRAIN_RUN_EXISTS: {
    when: "a new run was to be made in a folder that holds one",
    hint: "Go on with `train resume`, or choose another folder.",
  },
  E_TRAIN_RUN_MISSING: {
    when: "a folder is no run folder",
    hint: "Name a folder that `train run` made.",
  },
  E_TRAIN_RUN_BUSY: {
    when: "another process works on the run",
    hint: "Wait for it, or end it with `train stop`.",
  },
  E_TRAIN_NOT_RUNNING: { when: "a run was to be stopped and no worker lives", hint: "See `train status`." },
  E_TRAIN_WINDOW: {
    when: "not even one epoch fits the window",
    hint: "Take the window that the message names, or less data.",
  },
  E_TRAIN_STOPPED: {
    when: "a run was stopped before its end; nothing is lost",
    hint: "Go on with `train resume`.",
  },
  E_TRAIN_CHANGED: {
    when: "base, data, order or recipe of a run changed since its checkpoint",
    hint: "Resume with the same ones, or start a new run.",
  },
  E_TRAIN_INEXACT: {
    when: "a run would go on with other hardware, threads or versions",
    hint: "Go on where it began, or add --allow-inexact.",
  },
  E_TRAIN_COMPILE: {
    when: "compiled layers do not agree with plain ones, or could not be made",
    hint: "The run goes on uncompiled; `compile: false` asks for that at once.",
  },
  E_TRAIN_CHECKPOINT: {
    when: "a checkpoint is damaged or belongs to another recipe",
    hint: "The one before is taken; if none is left, start a new run.",
  },
  E_TRAIN_PICKLE: {
    when: "a checkpoint holds a pickle, which can run code when opened",
    hint: "Start the run again: pickles are never opened.",
  },
  E_TRAIN_DISK_FULL: {
    when: "a checkpoint did not fit on the disk; the last good one is kept",
    hint: "Free space, then `train resume`.",
  },
  E_TRAIN_DIVERGED: {
    when: "loss or gradient became infinite or no number",
    hint: "Lower the learning rate and start a new run.",
  },
  E_TRAIN_MEMORY: {
    when: "a micro-batch did not fit into memory",
    hint: "Take the size that the message names.",
  },
  E_TRAIN_GGUF: {
    when: "a model or tokenizer cannot be written as GGUF exactly",
    hint: "Export with --format hf or adapters instead.",
  },
  E_TRAIN_UNFINISHED: {
    when: "a run without final weights was to be used",
    hint: "Finish it with `train resume`.",
  },
  E_TRAIN_OUT_EXISTS: { when: "an export's folder is not empty", hint: "Name a new folder." },
  E_TRAIN_PARITY: {
    when: "an export does not compute what was trained",
    hint: "Do not use it; report the figures that the message names.",
  },
  E_TRAIN_WORKER: {
    when: "the training worker failed or was killed",
    hint: "Go on with `train resume`; if it fails again, report the stack.",
  },
  // platforms
  E_PLATFORM_SETTING: {
    when: "a setting is unknown, wrong, or cannot be honoured by the platform",
    hint: "Correct the setting that the message names; `platform NAME render` lists all of them.",
  },
  E_PLATFORM_GPU: { when: "a GPU or flavour is not known to the platform", hint: "Name one that it has." },
  E_PLATFORM_GPU_MEMORY: {
    when: "a run needs more GPU memory than the chosen GPU has",
    hint: "Take a larger GPU or the profile memory_efficient; `train plan` measures the need.",
  },
  E_PLATFORM_RESOURCE: {
    when: "more is asked for than a machine or an account has",
    hint: "Ask for less, or take a larger machine.",
  },
  E_PLATFORM_WINDOW: {
    when: "a run's longest time is over what the platform allows",
    hint: "Ask for fewer hours; a run goes on exactly in a further job.",
  },
  E_PLATFORM_SECRET: {
    when: "settings hold a secret itself",
    hint: "Revoke it, and name the variable that holds the new one: secrets: [NAME].",
  },
  E_PLATFORM_CREDENTIALS: {
    when: "credentials or a secret are missing, wrong or have run out",
    hint: "Set the variables that the message names, or sign in again with the platform's own tool.",
  },
  E_PLATFORM_TOOL: {
    when: "the platform's own program is not installed",
    hint: "Install it, or run the printed commands on a machine that has it.",
  },
  E_PLATFORM_COMMAND: {
    when: "a command of the platform's program failed; later ones were not run",
    hint: "Read its lines above; what was done so far is listed.",
  },
  E_PLATFORM_STAGE: {
    when: "a stage is to run and the stage before it has left no weights",
    hint: "Run the stage before it, or stage: all.",
  },
  E_PLATFORM_IMAGE: {
    when: "an image is not there, or its tag holds other contents",
    hint: "Push it, or take a tag that is new.",
  },
  E_PLATFORM_DATA: {
    when: "a place that should hold data is empty or missing",
    hint: "Build and send the data set first.",
  },
  E_SYNC_DENIED: {
    when: "a store refuses a request for lack of permission",
    hint: "Give the key the right to list, read and write this place.",
  },
  E_SYNC_CHANGED: {
    when: "a file changed while it was sent or fetched",
    hint: "Run the command again when nothing writes there.",
  },
  E_SYNC_NAME: {
    when: "a name cannot be kept on the other side",
    hint: "Rename the file that the message names.",
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
  E_DATA_REFUSED: {
    when: "a remote source or store does not let these credentials in, or no longer",
    hint: "Check the credentials: they are missing, wrong or have run out.",
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
    hint: "Name it: `format: csv`, `tsv`, `json`, `jsonl`, `vtt` or `srt` beside the source's uri.",
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
  E_DATA_REMOTE: {
    when: "a remote source or store does not answer as it should, again and again",
    hint: "Run the command again later; what is finished is kept.",
  },
  E_DATA_KEY: {
    when: "the file that data.pii.key_file names is no key",
    hint: "Make one: `head -c 32 /dev/urandom > data.key`, and keep it outside repository and data set.",
  },
  E_DATA_REMOTE_CHANGED: {
    when: "two send a data set to the same place at once",
    hint: "The other's version counts, and nothing of yours does. Look at it (`training-ready data pull`), then push again.",
  },
  E_DATA_PRUNING: {
    when: "versions of a data set are being removed where one is to be sent, or a removal was cut off",
    hint: "Wait until it is done. If that process is gone for good, finish its work: `training-ready data prune URI --resume`.",
  },
  E_DATA_FORGOTTEN: {
    when: "the version that counts at a place was built before a client was forgotten",
    hint: "Push the data set that was built since (`training-ready data push`), then prune again.",
  },
  E_GENERATE_CONFIG: {
    when: "`data generate` has nothing to generate with or from",
    hint: "Fill in data.generate in training-ready.yaml.",
  },
  E_GENERATE_ENDPOINT: {
    when: "the model's service refuses, or does not answer as it should again and again",
    hint: "Check data.generate.endpoint and model; answers that came are kept.",
  },
  E_GENERATE_ANSWERS: {
    when: "a stored answer is damaged",
    hint: "Remove the file; the answer is asked for again.",
  },
  E_DATA_RECORD: {
    when: "a data set has no record of that id",
    hint: "Take an id from a shard, or from `kept` of `training-ready data inspect --dropped`.",
  },
  E_DATA_QUOTA: {
    when: "a quota names a stratum of which there is no record, or no record meets all quotas",
    hint: "Add a source that has such records, or take the stratum out of `data.quotas`.",
  },
  E_DATA_QUEUE: {
    when: "the queue of an engine across machines cannot be used",
    hint: "Start Redis 6.2 or newer and name it by --redis or TRAINING_READY_REDIS; finished units are kept.",
  },
  E_DATA_UNIT: {
    when: "units of work failed again and again",
    hint: "Mend what the message names and run the command again; finished units are kept.",
  },
  E_DATA_CONSERVATION: {
    when: "records were lost or counted twice: read is not written + quarantined + deduplicated + not selected",
    hint: "This is a defect of the program; please report the counts.",
  },
  // audit
  E_BASELINE: {
    when: "a baseline file does not fit its form",
    hint: "Write it again with `training-ready audit --write-baseline FILE`.",
  },
  E_FINDING_UNKNOWN: {
    when: "no finding has the id that --explain names",
    hint: "Run `training-ready audit --json` and take an id from `findings`.",
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
  E_LISTING: {
    when: "a saved listing of files elsewhere cannot be understood",
    hint: "Save it with `rclone lsjson -R --hash`, `aws s3api list-objects-v2` or `sha256sum`.",
  },
  E_PATH_OUTSIDE: { when: "a path leaves the repository", hint: "Name a path below the repository's root." },
  // consolidation
  E_LOCKED: {
    when: "another run holds the repository or the data set",
    hint: "Wait for it; if it has crashed, run the same command again.",
  },
  E_DIRTY: { when: "tracked files are changed", hint: "Commit or stash the changes, then try again." },
  E_IN_PROGRESS: {
    when: "a merge, rebase, cherry-pick or bisect is in progress",
    hint: "Finish it or abort it, then try again.",
  },
  E_NO_IDENTITY: {
    when: "git does not know who makes the commits",
    hint: "Set user.name and user.email with `git config`.",
  },
  E_DETACHED: { when: "HEAD is detached", hint: "Check out a branch, or name a new one with --branch." },
  E_BRANCH_EXISTS: {
    when: "the branch to be made exists",
    hint: "Name another with --branch, or delete the old one.",
  },
  E_OCCUPIED: {
    when: "an untracked file lies where one is to be written or moved",
    hint: "Move the named files away, then try again.",
  },
  E_DRIFTED: {
    when: "a file on disk is neither as it was before nor as it is to be",
    hint: "Put the named file back, then run the command again.",
  },
  E_NOTHING_APPLIED: { when: "there is nothing to undo", hint: "`git log` shows what was applied here." },
  E_UNDO_LATER: {
    when: "commits were made after the consolidation, or it was pushed",
    hint: "Use `undo --revert`: it makes inverse commits on top.",
  },
  E_UNDO_CONFLICT: {
    when: "a later commit changed the same lines that undo must restore",
    hint: "Undo those changes by hand, or keep the consolidation.",
  },
  E_PLAN: {
    when: "the plan does not fit its schema",
    hint: "Correct the line that the message names; only `action` and `to` are meant to be edited.",
  },
  E_PLAN_PATH: {
    when: "a plan names a path outside the repository or a name that no system can hold",
    hint: "Give a path below the repository's root.",
  },
  E_PLAN_COLLISION: { when: "two files of a plan go to one place", hint: "Give one of them another `to`." },
  E_PLAN_ATTRIBUTES: {
    when: "a file's git attributes would differ at its new place",
    hint: "Give it another `to`, or first add its rule to `.gitattributes` for the new place.",
  },
  E_PLAN_STALE: {
    when: "a file that the plan reads has changed since it was made",
    hint: "Run `training-ready plan --update FILE`.",
  },
  E_PLAN_UNPROVEN: {
    when: "the simulated tree breaks something that works today",
    hint: "The message names it; change the line, or plan again.",
  },
  E_PLAN_NOTHING: {
    when: "no package was named",
    hint: "Name packages, or use --all, --moves or --repairs.",
  },
  // progress
  E_SEAL_BROKEN: {
    when: "a sealed value or a key failed its check: it was changed, moved, or belongs to another key",
    hint: "Restore the key file or the database from the backup that belongs together.",
  },
  E_KEY_MISSING: {
    when: "a key file is gone, yet there is data that it seals; without it the data cannot be read by anyone",
    hint: "Put the key file back from your backup of it.",
  },
  E_STORE_BUSY: {
    when: "another process serves this store",
    hint: "Stop the other one, or name another --home.",
  },
  E_DATABASE_SETTING: {
    when: "the setting of the tracker's database is unusable, or the server's own settings would lose records",
    hint: "Set progress.database of training-ready.yaml or TRAINING_READY_PROGRESS_DATABASE to postgres://USER:PASSWORD@HOST:PORT/DATABASE, file:PATH of a file with that URL, or sqlite.",
  },
  E_STORE_DOWN: {
    when: "the store cannot be written, so nothing was acknowledged",
    hint: "Check free space and the permissions of the database, then send the request again.",
  },
  E_EXPORT_CHANGED: {
    when: "an export differs from the hash that it names, or is no export",
    hint: "Export the client again, or take the file from where it was written.",
  },
  E_TOO_FEW: {
    when: "a de-identified export would hold so few persons that they could be told apart",
    hint: "Wait until more clients consent to research, or lower `least` (5 at the least).",
  },
  E_LEGAL_HOLD: {
    when: "a client's records must be kept: a legal hold stands",
    hint: "Lift the hold first, if you may.",
  },
  E_REVISION_NEEDED: {
    when: "a change must name the revision that it was made on, and did not",
    hint: "Read the record, then send its revision as If-Match.",
  },
  E_RISK_WAITING: {
    when: "a sign of risk could not be stored yet and waits, sealed, in the emergency file",
    hint: "Make the store writable; the file is then stored and removed within seconds.",
  },
  E_STORE_NEWER: {
    when: "the database was written by a newer version of the program",
    hint: "Use that version, or restore an older backup.",
  },
  E_LEDGER_BROKEN: {
    when: "the chain of the ledger does not hold",
    hint: "Keep the database as it is and compare it with your backups and checkpoints.",
  },
  E_UNAUTHENTICATED: {
    when: "a request carries no valid bearer token",
    hint: "Send `Authorization: Bearer TOKEN`; make one with `training-ready progress principal add`.",
  },
  E_NOT_FOUND: {
    when: "there is no such thing, or the principal may not know of it",
    hint: "Check the ids and what the principal was given.",
  },
  E_CONSENT: {
    when: "the client has not given, or has withdrawn, consent to this purpose",
    hint: "Record the client's consent first.",
  },
  E_CONFLICT: {
    when: "the same id or key was used before with another content, or the state does not allow the step",
    hint: "Read what is stored; use a new id for something new.",
  },
  E_AMBIGUOUS: {
    when: "an id belongs to things of several clients",
    hint: "Add `?client_id=` to the request.",
  },
  E_STALE: {
    when: "If-Match names another revision than the stored one",
    hint: "Read it again and repeat the change.",
  },
  E_BODY_TOO_LARGE: { when: "a request is over 256 kB", hint: "Send less in one request." },
  E_MEDIA_TYPE: { when: "a request's body is not JSON", hint: "Send `Content-Type: application/json`." },
  E_CURSOR: {
    when: "a cursor was altered, or belongs to another principal or query",
    hint: "Begin again without a cursor.",
  },
  E_PORT: { when: "an address or port cannot be bound", hint: "Name another --port; 0 takes a free one." },
  E_NO_CONTACT: {
    when: "a tracker was to be bound beyond loopback, yet nobody would be told of risk",
    hint: "Write progress/contacts.json: { allow: [host], contacts: [{ name, url }] }.",
  },
  E_EXPOSED: {
    when: "a service without keys was to be bound beyond loopback",
    hint: "Add a principal with `training-ready progress principal add`, or bind 127.0.0.1.",
  },
  E_PROGRESS_NO_SQLITE: {
    when: "the native SQLite driver could not be installed",
    hint: "Install a C++ compiler and Python, then run `npm rebuild better-sqlite3`.",
  },
  // inference
  E_SERVE_MODEL: {
    when: "a model file is damaged, cut or of a kind that llama.cpp does not load",
    hint: "Export or download the GGUF file again and compare its size or checksum.",
  },
  E_SERVE_TEMPLATE: {
    when: "a model file holds no chat template, so that a conversation cannot be written for it",
    hint: "Give a chat model, or a file whose `tokenizer.chat_template` is set.",
  },
  E_SERVE_ENGINE: {
    when: "no engine answers behind a URL, or not as an OpenAI-compatible server does",
    hint: "Start the engine first and check its URL; it must answer GET /v1/models.",
  },
  E_SERVE_OPTIONS: {
    when: "options of serve do not go together or name nothing that can be served",
    hint: "Give --model FILE.gguf, or --engine URL; --only progress serves the tracker alone.",
  },
  E_SERVE_REDIS: {
    when: "serve is to share its limits through Redis, and Redis or the package ioredis is not there",
    hint: "Check --redis URL with `redis-cli -u URL ping`, or serve one process without it.",
  },
  E_SERVE_TAKE_OVER: {
    when: "serve is to take over from a process that is not there, or that serves another model",
    hint: "Name the same --state as the process that serves; without one start serve plainly.",
  },
  E_SERVE_TENANTS: {
    when: "serve has keys of several tenants and an engine that does not keep their prompt caches apart",
    hint: "Serve each tenant with an engine and a state folder of its own, or use vLLM, SGLang, llama.cpp's server or --model.",
  },
  E_SERVE_HOST: {
    when: "serve is asked to bind beyond this machine without a sign-off and keys",
    hint: "Sign with `training-ready serve safety sign` and add a key with `serve keys add`, or use --host 127.0.0.1.",
  },
  E_SAFETY_CONFIG: {
    when: "a file of a home's safety folder is missing or does not fit its schema",
    hint: "Correct what the message names; `training-ready serve safety init` in another folder writes the drafts.",
  },
  E_SAFETY_EXISTS: {
    when: "`serve safety init` would overwrite a home's safety files",
    hint: "Edit the files that are there, or move them away first.",
  },
  E_SAFETY_SIGN: {
    when: "a safety configuration cannot be signed as it was asked",
    hint: "Check each line yourself, fill in source, verified_at and verified_by, and sign again.",
  },
  E_BENCH_TARGET: {
    when: "the target of a measurement does not answer as it should",
    hint: "Check the URL; the target must answer POST /v1/chat/completions.",
  },
} as const satisfies Record<string, { when: string; hint: string }>;
