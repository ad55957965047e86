const setOf = (names: string): ReadonlySet<string> => new Set(names.split(" "));

/** Commands whose words are prose, numbers or names: only their redirections matter. */
export const wordless = setOf(
  "echo printf true false : exit return set shopt trap ulimit umask wait sleep date kill killall read unset alias hash type which whereis " +
    "let getopts shift break continue apt apt-get apk yum dnf brew pacman dpkg systemctl service nvidia-smi hostname uname " +
    "whoami id groups seq expr bc ps top free df lscpu module ml scancel squeue sinfo scontrol sacct modprobe mount umount useradd groupadd usermod passwd " +
    "usermod adduser crontab ssh-keygen ssh-add ssh-keyscan gpg locale-gen update-alternatives add-apt-repository tput tr cut clear history nproc numfmt gcloud az gsutil " +
    "logger disown jobs fg bg getconf sysctl ldconfig pgrep pkill lsof netstat ip ifconfig ping nslookup dig screen tmux watch " +
    "eksctl pcluster login logout aws_cli ray wandb huggingface-cli hf gh modelscope ollama nvcc gem cargo rustup nvm pyenv",
);

/** What of these starts something of a repository, and is listed as a command all the same. */
export const launchers = setOf(
  "python python3 python2 pypy pypy3 ipython bash sh zsh ksh dash torchrun deepspeed accelerate horovodrun mpirun mpiexec mpiexec.hydra " +
    "srun sbatch qsub bsub colossalai node tsx ts-node npx bun deno Rscript julia perl ruby php uv poetry pipenv hatch pdm rye coverage " +
    "xargs singularity apptainer nsys ncu kernprof papermill jupyter streamlit gunicorn uvicorn pytest py.test numactl taskset run.pl " +
    "queue.pl slurm.pl cuda-memcheck compute-sanitizer stdbuf unbuffer setsid timeout nice ionice bazel parallel composer launch",
);

/** Shells, whose first operand is a script whatever it is called. */
export const shells = setOf("bash sh zsh ksh dash");

/** Commands that only stand before another one. `takes`: options with a value of their own. */
export const prefixes: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    sudo: setOf("-u -g -h -p -C -D -U"),
    exec: setOf("-a"),
    time: setOf("-f -o"),
    nohup: setOf(""),
    command: setOf(""),
    builtin: setOf(""),
    env: setOf("-u -C -S"),
    eval: setOf(""),
    setsid: setOf(""),
    nice: setOf("-n"),
    ionice: setOf("-c -n"),
    stdbuf: setOf("-o -e -i"),
    unbuffer: setOf(""),
    timeout: setOf("-s -k"),
    catchsegv: setOf(""),
  }),
);

/** Commands that open their operands to read. */
export const readers = setOf(
  "cat head tail less more wc sort uniq diff cmp md5sum sha256sum sha1sum b2sum nl tac rev paste join comm split shuf file stat od xxd hexdump " +
    "gunzip zcat bunzip2 unxz unzip gzip bzip2 xz zstd sqlite3 psql mysql dos2unix yq code open bat envsubst ls tree du find chmod chown basename dirname realpath readlink",
);

/** Commands whose first operand is a program, not a path. */
export const programFirst = setOf("sed awk gawk mawk nawk perl grep egrep fgrep rg zgrep jq yq tr");

/** Commands that make their operands. */
export const writers = setOf("mkdir touch tee truncate mktemp mkfifo");

/** Commands and modules whose operands are files and folders to look at, whatever their names are. */
export const checkers = setOf(
  "pytest py.test ruff black isort flake8 mypy pylint pyright yapf autopep8 bandit shellcheck yamllint hadolint pre-commit codespell prettier eslint",
);

/** Commands that copy: all operands but the last are read, the last is written. */
export const copiers = setOf("cp mv ln rsync install scp");

/** Modules that come with Python or with a tool: no file of a repository. */
export const foreignModules =
  /^(?:pip|venv|virtualenv|ensurepip|http\.server|json\.tool|timeit|cProfile|pdb|unittest|doctest|zipfile|site|compileall|pytest|ipykernel|build|twine|black|isort|flake8|ruff|mypy|coverage|sphinx|mkdocs|nltk\.downloader|spacy|jupyter|notebook|uvicorn|gunicorn|torch(?:\.\w+)*|accelerate(?:\.\w+)*|deepspeed(?:\.\w+)*|grpc_tools\.protoc|tensorboard(?:\.\w+)*|streamlit|bitsandbytes|wandb|xformers\.info|vllm(?:\.\w+)*|sglang(?:\.\w+)*|debugpy|poetry|uv|pre_commit|setuptools|wheel|tox|nox|huggingface_hub(?:\.\w+)*|py_compile)$/;
