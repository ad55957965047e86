"""The forward pass of the supported families over packed rows, with full, LoRA or expert parameters.

Everything is flat: hidden states are (tokens, hidden), with no padding between documents.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from trainer import layer as layers
from trainer.attention import IMPLEMENTATIONS, Documents
from trainer.base import Shape
from trainer.experts import ExpertSettings, Routing

Tensors = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Segments:
    """The functions that a layer is made of, as they are or compiled."""

    project: Callable[..., tuple[torch.Tensor, torch.Tensor, torch.Tensor]] = layers.project
    join: Callable[..., torch.Tensor] = layers.join
    dense: Callable[..., torch.Tensor] = layers.dense
    routed: Callable[..., tuple[torch.Tensor, ...]] = layers.routed


PLAIN = Segments()


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
    _parts: dict[int, Tensors] = field(default_factory=dict, repr=False)

    def parts(self, layer: int) -> Tensors:
        """A layer's weights and trained tensors, by their names within the layer."""
        if layer not in self._parts:
            found: Tensors = {}
            for prefix, tensors in ((f"model.layers.{layer}.", self.weights), (f"layers.{layer}.", self.adapter)):
                found |= {name.removeprefix(prefix): one for name, one in tensors.items() if name.startswith(prefix)}
            self._parts[layer] = found
        return self._parts[layer]

    @property
    def head(self) -> torch.Tensor:
        return self.weights["model.embed_tokens.weight" if self.shape.tied else "lm_head.weight"]


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


def forward(
    model: Model, ids: torch.Tensor, documents: Documents, routing: Routing | None = None, segments: Segments = PLAIN
) -> torch.Tensor:
    """Final normed hidden states of packed documents: ids (tokens,) to (tokens, hidden)."""
    shape = model.shape
    x = functional.embedding(ids, model.weights["model.embed_tokens.weight"])
    cos, sin = rotary_table(shape, documents.positions, x.dtype)

    def mlp(x: torch.Tensor, layer: int) -> torch.Tensor:
        parts = model.parts(layer)
        if model.experts is not None and routing is not None and "mlp.router" in parts:
            y, p, z, chosen = segments.routed(shape, model.experts, parts, x)
            routing.add(layer, p, z, chosen)
            return y
        if model.mixture is not None:
            norm = parts["post_attention_layernorm.weight"]
            return x + model.mixture(layers.rms_norm(x, norm, shape.eps), layer)
        return segments.dense(shape, model.scale, parts, x)

    def block(x: torch.Tensor, layer: int) -> torch.Tensor:
        parts = model.parts(layer)
        q, k, v = segments.project(shape, model.scale, parts, x, cos, sin)
        x = segments.join(model.scale, parts, x, IMPLEMENTATIONS[model.attention](q, k, v, documents))
        if model.recompute == "mlp" and torch.is_grad_enabled():
            return checkpoint(mlp, x, layer, use_reentrant=False)  # type: ignore[no-any-return]
        return mlp(x, layer)

    for layer in range(shape.layers):
        if model.recompute == "full" and torch.is_grad_enabled():
            x = checkpoint(block, x, layer, use_reentrant=False)
        else:
            x = block(x, layer)
    return layers.rms_norm(x, model.weights["model.norm.weight"], shape.eps)


def logits(model: Model, ids: torch.Tensor, documents: Documents) -> torch.Tensor:
    """Logits of every position: for tests, sampling and parity only; training never forms them whole."""
    routing = Routing(model.shape.layers) if model.experts is not None else None
    return functional.linear(forward(model, ids, documents, routing), model.head)
