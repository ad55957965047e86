"""One decoder layer as functions of tensors alone: what runs before and after attention, and its feed-forward parts.

`parts` holds a layer's weights and trained tensors by their names within the layer, so that every layer has the same
keys and `torch.compile` makes each function once for all of them.
"""

import torch
from torch.nn import functional

from trainer.base import Shape
from trainer.experts import ExpertSettings, expert_feed_forward

Tensors = dict[str, torch.Tensor]


def widen(x: torch.Tensor) -> torch.Tensor:
    """At least fp32: where precision matters bf16 is raised, fp64 stays."""
    return x if x.dtype == torch.float64 else x.float()


def rms_norm(x: torch.Tensor, weight: torch.Tensor, eps: float) -> torch.Tensor:
    wide = widen(x)
    return weight * (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + eps)).to(x.dtype)


def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    half = x.shape[-1] // 2
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin


def linear(parts: Tensors, x: torch.Tensor, name: str, scale: float) -> torch.Tensor:
    """One projection with its bias and, where trained, its LoRA term s·B(A x)."""
    y = functional.linear(x, parts[f"{name}.weight"], parts.get(f"{name}.bias"))
    a = parts.get(f"{name}.lora_A")
    if a is None:
        return y
    b = parts[f"{name}.lora_B"]
    return y + functional.linear(functional.linear(x, a.to(x.dtype)), b.to(x.dtype) * scale)


def project(
    shape: Shape, scale: float, parts: Tensors, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Norm, projections and rotation: (tokens, hidden) to q, k and v, each (tokens, heads, head size)."""
    x = rms_norm(x, parts["input_layernorm.weight"], shape.eps)
    q = linear(parts, x, "self_attn.q_proj", scale).view(-1, shape.heads, shape.head_dim)
    k = linear(parts, x, "self_attn.k_proj", scale).view(-1, shape.kv_heads, shape.head_dim)
    v = linear(parts, x, "self_attn.v_proj", scale).view(-1, shape.kv_heads, shape.head_dim)
    if shape.qk_norm:
        q = rms_norm(q, parts["self_attn.q_norm.weight"], shape.eps)
        k = rms_norm(k, parts["self_attn.k_norm.weight"], shape.eps)
    return rotate(q, cos, sin), rotate(k, cos, sin), v


def join(scale: float, parts: Tensors, x: torch.Tensor, mixed: torch.Tensor) -> torch.Tensor:
    """The layer's input plus its attention's output, (tokens, heads, head size) projected back."""
    return x + linear(parts, mixed.reshape(x.shape[0], -1), "self_attn.o_proj", scale)


def dense(shape: Shape, scale: float, parts: Tensors, x: torch.Tensor) -> torch.Tensor:
    """Norm and feed-forward network with the residual."""
    h = rms_norm(x, parts["post_attention_layernorm.weight"], shape.eps)
    gate = functional.silu(linear(parts, h, "mlp.gate_proj", scale))
    return x + linear(parts, gate * linear(parts, h, "mlp.up_proj", scale), "mlp.down_proj", scale)


def routed(shape: Shape, settings: ExpertSettings, parts: Tensors, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """The same with experts; also probabilities, squared logsumexp and chosen experts of the routing."""
    h = rms_norm(x, parts["post_attention_layernorm.weight"], shape.eps)
    y, p, z, chosen = expert_feed_forward(settings, h, parts)
    return x + y, p, z, chosen
