// What Python packages come with common base images, by a pattern of the image's name (their published contents).
export const imagePackages: readonly (readonly [RegExp, readonly string[]])[] = [
  [/pytorch|torch/i, "torch torchvision torchaudio numpy triton".split(" ")],
  [
    /nvcr\.io\/nvidia\/pytorch/i,
    "apex transformer-engine flash-attn numba scipy pandas matplotlib scikit-learn tensorboard pyyaml requests tqdm pillow packaging psutil onnx nltk jupyterlab pycocotools cython mpi4py pybind11 nvidia-dali-cuda110 polygraphy librosa soundfile sentencepiece einops".split(
      " ",
    ),
  ],
  [
    /nvcr\.io\/nvidia\/nemo|nemo/i,
    "nemo-toolkit megatron-core torch apex transformer-engine lightning pytorch-lightning omegaconf hydra-core numpy transformers".split(
      " ",
    ),
  ],
  [/tensorflow/i, "tensorflow keras numpy tensorboard protobuf absl-py h5py six".split(" ")],
  [/mxnet/i, ["mxnet", "numpy"]],
  [/jax/i, ["jax", "jaxlib", "numpy", "scipy", "flax", "optax"]],
  [
    /huggingface|transformers/i,
    "transformers tokenizers datasets accelerate torch numpy huggingface-hub safetensors".split(" "),
  ],
  [/deepspeed/i, ["deepspeed", "torch", "numpy"]],
  [/vllm/i, ["vllm", "torch", "transformers", "numpy"]],
  [/sglang/i, ["sglang", "torch", "transformers", "numpy"]],
  [/\/ray\b|rayproject/i, ["ray", "numpy"]],
  [/rapids/i, "cudf cuml cugraph cupy dask numpy pandas scikit-learn".split(" ")],
  [
    /anaconda|jupyter|datascience|scipy-notebook/i,
    "numpy scipy pandas matplotlib scikit-learn seaborn".split(" "),
  ],
  [/icefall|k2fsa/i, ["k2", "kaldifeat", "lhotse", "torch", "torchaudio", "numpy"]],
  [/sagemaker|dkr\.ecr/i, "boto3 botocore sagemaker-training numpy".split(" ")],
  [/composer|mosaicml|llm-foundry/i, ["mosaicml", "mosaicml-streaming", "torch", "numpy"]],
];
