"""The forward pass of the supported families over packed rows, with full, LoRA or expert parameters.

Everything is flat: hidden states are (tokens, hidden), with no padding between documents.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from trainer.attention import IMPLEMENTATIONS, Documents
from trainer.base import Shape
from trainer.experts import ExpertSettings, Routing, expert_feed_forward

Tensors = dict[str, torch.Tensor]


@dataclass
class Model:
    """A base's weights and what is trained on top, both by name; the forward pass is a function of them."""

    shape: Shape
    weights: Tensors
    adapter: Tensors = field(default_factory=dict)
    scale: float = 0.0  # α / r of plain and attention LoRA
    experts: ExpertSettings | None = None
    attention: str = "per-document"
    recompute: str = "none"
    mixture: Callable[[torch.Tensor, int], torch.Tensor] | None = None  # feed-forward of an exported mixture

    @property
    def head(self) -> torch.Tensor:
        return self.weights["model.embed_tokens.weight" if self.shape.tied else "lm_head.weight"]


def widen(x: torch.Tensor) -> torch.Tensor:
    """At least fp32: where precision matters bf16 is raised, fp64 stays."""
    return x if x.dtype == torch.float64 else x.float()


def rms_norm(x: torch.Tensor, weight: torch.Tensor, eps: float) -> torch.Tensor:
    wide = widen(x)
    return weight * (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + eps)).to(x.dtype)


def rotary_frequencies(shape: Shape) -> torch.Tensor:
    """Inverse frequencies; llama3 scaling as in Transformers' `_compute_llama3_parameters`."""
    exponent = torch.arange(0, shape.head_dim, 2, dtype=torch.int64).float() / shape.head_dim
    inverse = 1.0 / (shape.theta**exponent)
    if shape.llama3 is None:
        return inverse
    factor, context = shape.llama3["factor"], shape.llama3["original_max_position_embeddings"]
    low, high = shape.llama3["low_freq_factor"], shape.llama3["high_freq_factor"]
    length = 2 * math.pi / inverse
    smooth = (context / length - low) / (high - low)
    blended = (1 - smooth) * inverse / factor + smooth * inverse
    scaled = torch.where(length > context / low, inverse / factor, inverse)
    medium = (length <= context / low) & (length >= context / high)
    return torch.where(medium, blended, scaled)


def rotary_table(shape: Shape, positions: torch.Tensor, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    """cos and sin, each (tokens, 1, head size)."""
    angles = positions.float()[:, None] * rotary_frequencies(shape).to(positions.device)[None]
    if dtype == torch.float64:
        angles = positions.double()[:, None] * rotary_frequencies(shape).to(positions.device).double()[None]
    both = torch.cat([angles, angles], -1)[:, None]
    return both.cos().to(dtype), both.sin().to(dtype)


def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    half = x.shape[-1] // 2
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin


def linear(model: Model, x: torch.Tensor, layer: int, name: str) -> torch.Tensor:
    """One projection with its bias and, where trained, its LoRA term s·B(A x)."""
    at = f"model.layers.{layer}.{name}"
    y = functional.linear(x, model.weights[f"{at}.weight"], model.weights.get(f"{at}.bias"))
    a = model.adapter.get(f"layers.{layer}.{name}.lora_A")
    if a is None:
        return y
    b = model.adapter[f"layers.{layer}.{name}.lora_B"]
    return y + functional.linear(functional.linear(x, a.to(x.dtype)), b.to(x.dtype) * model.scale)


def attention(
    model: Model, x: torch.Tensor, layer: int, documents: Documents, cos: torch.Tensor, sin: torch.Tensor
) -> torch.Tensor:
    shape, tokens = model.shape, x.shape[0]
    q = linear(model, x, layer, "self_attn.q_proj").view(tokens, shape.heads, shape.head_dim)
    k = linear(model, x, layer, "self_attn.k_proj").view(tokens, shape.kv_heads, shape.head_dim)
    v = linear(model, x, layer, "self_attn.v_proj").view(tokens, shape.kv_heads, shape.head_dim)
    if shape.qk_norm:
        at = f"model.layers.{layer}.self_attn"
        q = rms_norm(q, model.weights[f"{at}.q_norm.weight"], shape.eps)
        k = rms_norm(k, model.weights[f"{at}.k_norm.weight"], shape.eps)
    mixed = IMPLEMENTATIONS[model.attention](rotate(q, cos, sin), rotate(k, cos, sin), v, documents)
    return linear(model, mixed.reshape(tokens, shape.heads * shape.head_dim), layer, "self_attn.o_proj")


def feed_forward(model: Model, x: torch.Tensor, layer: int, routing: Routing | None) -> torch.Tensor:
    if model.experts is not None and routing is not None and f"layers.{layer}.mlp.router" in model.adapter:
        at = f"model.layers.{layer}.mlp"
        base = [model.weights[f"{at}.{name}_proj.weight"] for name in ("gate", "up", "down")]
        y, p, z, chosen = expert_feed_forward(model.experts, x, base, model.adapter, layer)
        routing.add(layer, p, z, chosen)
        return y
    if model.mixture is not None:
        return model.mixture(x, layer)
    gate = linear(model, x, layer, "mlp.gate_proj")
    return linear(model, functional.silu(gate) * linear(model, x, layer, "mlp.up_proj"), layer, "mlp.down_proj")


def forward(model: Model, ids: torch.Tensor, documents: Documents, routing: Routing | None = None) -> torch.Tensor:
    """Final normed hidden states of packed documents: ids (tokens,) to (tokens, hidden)."""
    shape = model.shape
    x = functional.embedding(ids, model.weights["model.embed_tokens.weight"])
    cos, sin = rotary_table(shape, documents.positions, x.dtype)

    def mlp(x: torch.Tensor, layer: int) -> torch.Tensor:
        norm = model.weights[f"model.layers.{layer}.post_attention_layernorm.weight"]
        return x + feed_forward(model, rms_norm(x, norm, shape.eps), layer, routing)

    def block(x: torch.Tensor, layer: int) -> torch.Tensor:
        norm = model.weights[f"model.layers.{layer}.input_layernorm.weight"]
        x = x + attention(model, rms_norm(x, norm, shape.eps), layer, documents, cos, sin)
        if model.recompute == "mlp" and torch.is_grad_enabled():
            return checkpoint(mlp, x, layer, use_reentrant=False)  # type: ignore[no-any-return]
        return mlp(x, layer)

    for layer in range(shape.layers):
        if model.recompute == "full" and torch.is_grad_enabled():
            x = checkpoint(block, x, layer, use_reentrant=False)
        else:
            x = block(x, layer)
    return rms_norm(x, model.weights["model.norm.weight"], shape.eps)


def logits(model: Model, ids: torch.Tensor, documents: Documents) -> torch.Tensor:
    """Logits of every position: for tests, sampling and parity only; training never forms them whole."""
    routing = Routing(model.shape.layers) if model.experts is not None else None
    return functional.linear(forward(model, ids, documents, routing), model.head)
