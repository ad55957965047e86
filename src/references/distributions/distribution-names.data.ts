// Import name -> distributions on PyPI that provide it (normalised names), where the two differ or the name is common.
// Collected from the projects' own pages on pypi.org. A name without "=" is its own distribution.
const table = `
absl=absl-py accelerate aiohttp aiofiles aim albumentations alembic allennlp altair anthropic antlr4=antlr4-python3-runtime
anyio apex apache_beam=apache-beam appdirs arrow astropy asyncpg attr=attrs attrs audiocraft audioread auto_gptq=auto-gptq autoawq
awq=autoawq axolotl azure=azure-core,azure-storage-blob,azure-identity,azureml-core,azure-ai-ml azureml=azureml-core babel=babel
backoff bert_score=bert-score bitsandbytes bleurt bokeh boto botocore boto3 bs4=beautifulsoup4 catboost cachetools cairosvg cattr=cattrs
celery certifi cffi chardet charset_normalizer=charset-normalizer chromadb clearml cleanlab click clip=clip,openai-clip cloudpickle codecarbon
cog cohere colorama coloredlogs colorlog comet_ml=comet-ml composer=mosaicml configargparse coremltools croniter crypto=pycryptodome,pycrypto
Crypto=pycryptodome,pycrypto,pycryptodomex Cryptodome=pycryptodomex cryptography cupy=cupy,cupy-cuda11x,cupy-cuda12x cv2=opencv-python,opencv-python-headless,opencv-contrib-python,opencv-contrib-python-headless
cvxpy cycler cython=cython Cython=cython dask databricks=databricks-sdk,databricks-cli datasets dateutil=python-dateutil datatrove datasketch dash deepspeed
decord deepdiff demjson detectron2 diffusers dill diskcache distributed django docker docopt docx=python-docx dotenv=python-dotenv
dvc dvclive duckdb easydict editdistance einops elasticsearch email_validator=email-validator emoji espnet espnet2=espnet evaluate evalplus
fairscale fairseq faiss=faiss-cpu,faiss-gpu,faiss fasttext=fasttext,fasttext-wheel fastapi fastchat=fschat fastparquet fire flask flax flash_attn=flash-attn
filelock ftfy fsspec fuzzywuzzy fvcore gcsfs gdown gensim gin=gin-config git=gitpython github=pygithub gluonts gluonnlp google=protobuf,google-api-core,google-auth,google-cloud-storage,google-generativeai,google-cloud-aiplatform,google-api-python-client,googleapis-common-protos
googleapiclient=google-api-python-client gradio gradio_client=gradio-client graphviz groq grpc=grpcio grpc_tools=grpcio-tools gym gymnasium h5py haiku=dm-haiku hdbscan
httpx huggingface_hub=huggingface-hub hydra=hydra-core hyperopt imageio imblearn=imbalanced-learn imgaug immutabledict inflect instructor ipdb IPython=ipython ipykernel ipywidgets
isodate jax jaxlib jieba jinja2=jinja2 jiwer joblib jose=python-jose jsonlines jsonschema jwt=pyjwt k2 kafka=kafka-python,kafka-python-ng kaldifeat kaldiio kaldialign
kaggle keras keras_nlp=keras-nlp kfp kubernetes langchain langchain_community=langchain-community langchain_core=langchain-core langchain_openai=langchain-openai langdetect langgraph
lightgbm lightning lightning_utilities=lightning-utilities librosa liger_kernel=liger-kernel litellm litgpt llama_cpp=llama-cpp-python llama_index=llama-index llmcompressor lhotse lion_pytorch=lion-pytorch lm_eval=lm-eval,lm-eval-harness lmdb lm_dataformat=lm-dataformat
loguru loralib lpips lxml lz4 magic=python-magic mamba_ssm=mamba-ssm markdown=markdown markupsafe=markupsafe matplotlib mecab=mecab-python3 MeCab=mecab-python3 megatron=megatron-core megablocks mergekit mistral_common=mistral-common
mlflow mlperf_logging=mlperf-logging mlx mlx_lm=mlx-lm ml_collections=ml-collections mmcv mmengine modelscope moviepy monai more_itertools=more-itertools motor mpi4py mpl_toolkits=matplotlib
msgpack mteb multidict multiprocess mujoco mxnet mypy_extensions=mypy-extensions MySQLdb=mysqlclient nbconvert nbformat neptune nemo=nemo-toolkit netCDF4 networkx nevergrad ninja nltk nncf
numba numcodecs numexpr numpy nvidia=nvidia-dali-cuda110 nvidia_smi=nvidia-ml-py3 oauthlib objaverse omegaconf onnx onnx_tf=onnx-tf onnxconverter_common=onnxconverter-common onnxruntime=onnxruntime,onnxruntime-gpu open_clip=open-clip-torch openai opencc=opencc opentelemetry=opentelemetry-api,opentelemetry-sdk
openpyxl opacus optax optimum optuna orjson outlines packaging paddle=paddlepaddle,paddlepaddle-gpu paddlenlp pandas paramiko parquet parso passlib pathvalidate patsy peewee peft petastorm petname pexpect pika PIL=pillow pinecone=pinecone-client,pinecone
pip pipeline_parallel pkg_resources=setuptools plotly plotnine polars portalocker pqdm progressbar=progressbar2 prometheus_client=prometheus-client promise psutil psycopg psycopg2=psycopg2,psycopg2-binary ptflops pycocotools pycuda pydantic pydantic_settings=pydantic-settings pydicom pydot
pydub pygame pyglet pygments=pygments pyhocon pylab=matplotlib pylatexenc pymongo bson=pymongo pymysql=pymysql pynini pynvml=pynvml,nvidia-ml-py PyPDF2=pypdf2 pypdf pypinyin pyppeteer pyro=pyro-ppl pyspark pysptk pytest pytorch_lightning=pytorch-lightning,lightning pytorch_metric_learning=pytorch-metric-learning
pytz pyworld pyximport=cython qdrant_client=qdrant-client qwen_vl_utils=qwen-vl-utils ranger rapidfuzz ray redis regex requests requests_toolbelt=requests-toolbelt responses rich rouge=rouge rouge_score=rouge-score rpy2 ruamel=ruamel-yaml ruptures s3fs s3transfer sacrebleu sacremoses safetensors sagemaker
scipy scikit_learn=scikit-learn seaborn selenium semver sentencepiece sentence_transformers=sentence-transformers sentry_sdk=sentry-sdk seqeval serial=pyserial setproctitle setuptools sgl_kernel=sgl-kernel sglang shap shapely shortuuid skimage=scikit-image sklearn=scikit-learn skopt=scikit-optimize slugify=python-slugify
smart_open=smart-open smbus smplx snappy=python-snappy sortedcontainers soundfile sounddevice spacy speechbrain sphinx sqlalchemy sqlmodel sqlparse stable_baselines3=stable-baselines3 starlette stanza statsmodels streamlit stripe submitit supervisely supervision surya sympy tabulate tenacity
tensorboard tensorboardX=tensorboardx tensorboard_data_server=tensorboard-data-server tensorflow=tensorflow,tensorflow-gpu,tensorflow-cpu,tensorflow-macos,tf-nightly tensorflow_addons=tensorflow-addons tensorflow_datasets=tensorflow-datasets tensorflow_hub=tensorflow-hub tensorflow_probability=tensorflow-probability tensorflow_text=tensorflow-text tensordict tensorrt tensorstore termcolor textstat
texttable tf_keras=tf-keras tf_slim=tf-slim thop tiktoken timm tokenizers toml tomli tomlkit toolz torch=torch,pytorch functorch=torch torchtext torchaudio torchdata torchvision torchmetrics torchao torchtune torchtitan torchrec torchsummary torchinfo torch_geometric=torch-geometric torch_scatter=torch-scatter torch_sparse=torch-sparse torch_xla=torch-xla torch_ema=torch-ema
tornado tqdm transformer_engine=transformer-engine transformers transformers_stream_generator=transformers-stream-generator tree=dm-tree triton trl trlx tritonclient twilio typeguard typer typing_extensions=typing-extensions tyro tzlocal ujson umap=umap-learn unidecode=unidecode unsloth urllib3 usearch uvicorn uvloop
validators vllm verl vertexai=google-cloud-aiplatform vocos wandb watchdog wcwidth webdataset websocket=websocket-client websockets weasyprint weaviate=weaviate-client werkzeug wget whisper=openai-whisper whisperx wordcloud wrapt xarray xformers xgboost xlrd xlsxwriter xmltodict xxhash yacs yaml=pyyaml yarl youtube_dl=youtube-dl yt_dlp=yt-dlp zarr zmq=pyzmq zstandard
_pytest=pytest dm_env=dm-env docstring_parser=docstring-parser envpool gym3 procgen ale_py=ale-py pettingzoo supersuit pygmentize jsonargparse lightly deepspeed_kernels=deepspeed-kernels colossalai composer_core smdistributed sagemaker_training=sagemaker-training kfserving seldon_core=seldon-core
nvdiffrast onnxsim onnxslim pesq pystoi resampy pyannote=pyannote-audio phonemizer g2p_en=g2p-en g2p epitran gruut TTS=tts bigvgan descript audiotools=descript-audiotools fancy_einsum=fancy-einsum jaxtyping beartype muon lightning_fabric=lightning-fabric k_diffusion=k-diffusion controlnet_aux=controlnet-aux optimum_quanto=optimum-quanto prodigyopt lycoris=lycoris-lora dadaptation
nest_asyncio=nest-asyncio ftfy_fixes plyfile open3d trimesh pyrender kornia gsplat invisible_watermark=invisible-watermark imwatermark=invisible-watermark hpsv2 image_reward=image-reward ImageReward=image-reward flask_cors=flask-cors flask_sqlalchemy=flask-sqlalchemy multipart=python-multipart slowapi jsonpatch jsonpath_ng=jsonpath-ng pyarrow pybind11 cmake nox tox mypy black isort flake8 ruff hypothesis freezegun faker=faker Faker=faker
`;

/** Import name to the distributions that provide it. */
export const distributionsOf: ReadonlyMap<string, readonly string[]> = new Map(
  table
    .trim()
    .split(/\s+/)
    .map((entry): [string, string[]] => {
      const [name = "", given] = entry.split("=");
      return [name, given === undefined ? [name.toLowerCase().replaceAll("_", "-")] : given.split(",")];
    }),
);

const common: ReadonlySet<string> = new Set([...distributionsOf.values()].flat());

/** True for a distribution of the table: one that everybody installs from PyPI. */
export const isCommonDistribution = (name: string): boolean => common.has(name);
