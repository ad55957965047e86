/** What a call does with a path that it is given. `reads`: fails if it is missing; `asks`: only looks. */
export type PathRole = "reads" | "folder" | "asks" | "writes" | "model" | "runs" | "globs" | "message";

/** Arguments of a call that are paths: by position, by keyword. `receiver`: the path on which a method is called. */
export type CallRule = {
  role: PathRole;
  positions?: readonly number[];
  keywords?: readonly string[];
  /** Position of a mode argument ("w" writes), for those that open. */
  mode?: number;
};

const first = [0] as const;
const second = [1] as const;

function rules(names: string, rule: CallRule): [string, CallRule][] {
  return names.split(" ").map((name) => [name, rule]);
}

const pathWords = ["path", "file", "filename", "filepath", "file_path", "fname", "fp", "f", "name"];

/** By the last name of the callee; those with a dot by its last two. The first of several owners is the likeliest. */
export const callRules: ReadonlyMap<string, CallRule> = new Map([
  ...rules(
    "open io.open codecs.open gzip.open bz2.open lzma.open tarfile.open zipfile.ZipFile ZipFile h5py.File wave.open GFile gfile.Open smart_open fsspec.open aiofiles.open memmap",
    {
      role: "reads",
      positions: first,
      keywords: ["file", "filename", "name", "path"],
      mode: 1,
    },
  ),
  ...rules(
    "read_csv read_json read_parquet read_table read_excel read_pickle read_feather read_hdf read_orc read_xml read_fwf read_ndjson read_ipc scan_csv scan_parquet scan_ndjson",
    {
      role: "reads",
      positions: first,
      keywords: ["filepath_or_buffer", "path_or_buf", "path", "io", "source"],
    },
  ),
  ...rules(
    "np.load numpy.load np.loadtxt np.genfromtxt np.fromfile numpy.loadtxt torch.load jit.load joblib.load cloudpickle.load OmegaConf.load librosa.load torchaudio.load torchaudio.info sf.read soundfile.read wavfile.read cv2.imread imageio.imread plt.imread io.imread io.read_image Image.open rasterio.open nib.load toml.load mmap_file fasttext.load_model gensim.load KeyedVectors.load_word2vec_format load_file safe_open fileConfig load_yaml load_json read_yaml read_json_file load_jsonl read_jsonl read_text_file load_config_from_file parse_file linecache.getlines ET.parse etree.parse minidom.parse RawConfigParser.read sentencepiece.Load Tokenizer.from_file load_from_disk Dataset.from_json Dataset.from_csv Dataset.from_parquet Dataset.from_text Dataset.from_file TextLineDataset TFRecordDataset spec_from_file_location pkgutil.get_data load_cert_chain ctypes.CDLL CDLL np.memmap yaml.load_file",
    { role: "reads", positions: first, keywords: pathWords },
  ),
  ["spec_from_file_location", { role: "runs", positions: second, keywords: ["location"] }],
  ["SourceFileLoader", { role: "runs", positions: second, keywords: ["path"] }],
  ["load_source", { role: "runs", positions: second, keywords: ["pathname"] }],
  ["runpy.run_path", { role: "runs", positions: first, keywords: ["path_name"] }],
  ["execfile", { role: "runs", positions: first }],
  ["spawn_python", { role: "runs", positions: first }],
  ["SentencePieceProcessor", { role: "reads", positions: first, keywords: ["model_file"] }],
  ["load_dotenv", { role: "asks", positions: first, keywords: ["dotenv_path"] }],
  ...rules(
    "os.listdir os.scandir os.chdir iterdir listdir StaticFiles Jinja2Templates FileSystemLoader send_from_directory ImageFolder",
    {
      role: "folder",
      positions: first,
      keywords: ["path", "directory", "searchpath", "root"],
    },
  ),
  ...rules(
    "os.walk os.stat os.lstat os.access os.rename os.replace os.unlink os.remove os.symlink shutil.rmtree path.exists path.isfile path.isdir path.getsize path.getmtime path.islink",
    {
      role: "asks",
      positions: first,
      keywords: ["path", "top"],
    },
  ),
  ...rules("glob.glob glob.iglob iglob tf.io.gfile.glob gfile.glob", {
    role: "globs",
    positions: first,
    keywords: ["pathname"],
  }),
  ...rules("os.makedirs os.mkdir makedirs gfile.makedirs gfile.MakeDirs", {
    role: "writes",
    positions: first,
    keywords: ["name", "path"],
  }),
  ...rules(
    "to_csv to_json to_parquet to_pickle to_excel to_feather to_hdf to_html to_markdown savefig save_pretrained save_to_disk save_model save_weights write_csv write_parquet write_json write_ndjson write_html write_image np.save np.savez np.savez_compressed np.savetxt cv2.imwrite imwrite FileHandler RotatingFileHandler SummaryWriter CSVLogger TensorBoardLogger wavfile.write sf.write torchaudio.save write_text_file write_jsonl save_jsonl save_json write_yaml tofile",
    {
      role: "writes",
      positions: first,
      keywords: [
        "path",
        "path_or_buf",
        "fname",
        "file",
        "filename",
        "save_directory",
        "dataset_path",
        "excel_writer",
        "log_dir",
        "save_dir",
      ],
    },
  ),
  ...rules("torch.save jit.save joblib.dump save_file pickle.dump_file OmegaConf.save dist_cp.save xm.save", {
    role: "writes",
    positions: second,
    keywords: ["f", "filename", "path"],
  }),
  ...rules(
    "from_pretrained load_model load_tokenizer hf_hub_download snapshot_download SentenceTransformer pipeline get_tokenizer from_config_file peft_model_from",
    {
      role: "model",
      positions: first,
      keywords: [
        "pretrained_model_name_or_path",
        "model",
        "model_path",
        "tokenizer",
        "model_name_or_path",
        "path",
      ],
    },
  ),
  ["load_dataset", { role: "model", positions: first, keywords: ["path", "data_files", "data_dir"] }],
  ...rules(
    "print pprint log debug info warning warn error critical exception fatal write_line echo secho rprint ArgumentParser ValueError RuntimeError FileNotFoundError Exception AssertionError NotImplementedError ImportError KeyError TypeError OSError IOError SystemExit exit fail skip UserWarning st.write st.info st.error st.markdown",
    {
      role: "message",
    },
  ),
]);

/** Methods of a path object, by name. */
export const pathMethods: ReadonlyMap<string, PathRole> = new Map<string, PathRole>([
  ...["read_text", "read_bytes"].map((name): [string, PathRole] => [name, "reads"]),
  ...["iterdir"].map((name): [string, PathRole] => [name, "folder"]),
  ...["exists", "is_file", "is_dir", "stat", "unlink", "rmdir"].map((name): [string, PathRole] => [
    name,
    "asks",
  ]),
  ...["write_text", "write_bytes", "mkdir", "touch"].map((name): [string, PathRole] => [name, "writes"]),
]);

/** Calls that start a command, given as a string or as a list of words. */
export const commandCalls: ReadonlySet<string> = new Set(
  "os.system os.popen os.execv os.execvp os.execl os.execlp os.spawnl os.spawnv subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen subprocess.getoutput subprocess.getstatusoutput sp.run sp.call sp.check_call sp.check_output sp.Popen Popen check_call check_output create_subprocess_exec create_subprocess_shell pexpect.spawn run_command run_cmd execute_command execute_subprocess_async run_cli run_shell".split(
    " ",
  ),
);

/** Calls whose string names a Python module or something in it. `module`: the module itself. */
export const dottedCalls: ReadonlyMap<string, "module" | "attribute"> = new Map<
  string,
  "module" | "attribute"
>([
  ...[
    "import_module",
    "importlib.import_module",
    "__import__",
    "runpy.run_module",
    "run_module",
    "importorskip",
    "find_spec",
    "resources.files",
  ].map((name): [string, "module"] => [name, "module"]),
  ...[
    "patch",
    "mock.patch",
    "mocker.patch",
    "monkeypatch.setattr",
    "patch.dict",
    "locate",
    "pydoc.locate",
    "import_string",
    "import_object",
    "get_obj_from_str",
    "uvicorn.run",
  ].map((name): [string, "attribute"] => [name, "attribute"]),
]);
