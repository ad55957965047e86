"""What is trained: named views into one flat fp32 buffer, its gradient, and AdamW over it."""

import math

import torch

from trainer.base import Shape
from trainer.job import Job, Stage

Tensors = dict[str, torch.Tensor]
BETAS, EPSILON = (0.9, 0.95), 1e-8


class Parameters:
    """Leaf tensors by name that share one buffer, so that norm, all-reduce and the update are single operations."""

    def __init__(self, start: Tensors, device: torch.device, dtype: torch.dtype = torch.float32) -> None:
        self.names = sorted(start)
        self.flat = torch.cat([start[name].detach().reshape(-1).to(device, dtype) for name in self.names])
        self.gradient = torch.zeros_like(self.flat)
        self.first, self.second = torch.zeros_like(self.flat), torch.zeros_like(self.flat)
        self.decays = torch.zeros_like(self.flat)  # 1 where weight decay applies: LoRA matrices only
        self.sizes = {name: tuple(start[name].shape) for name in self.names}
        self.views = self.named(self.flat)
        gradients = self.named(self.gradient)
        for name, view in self.views.items():
            view.requires_grad_()
            view.grad = gradients[name]
        for name, part in self.named(self.decays).items():
            part.fill_(1.0 if ".lora_" in name else 0.0)

    def named(self, flat: torch.Tensor) -> Tensors:
        found, at = {}, 0
        for name in self.names:
            count = math.prod(self.sizes[name])
            found[name] = flat[at : at + count].view(self.sizes[name]).detach()
            at += count
        return found

    def load(self, flat: torch.Tensor, tensors: Tensors) -> None:
        for name, part in self.named(flat).items():
            part.copy_(tensors[name])

    def clip(self, limit: float) -> float:
        """Scales the gradient to `limit` at most and gives its norm before."""
        norm = float(torch.linalg.vector_norm(self.gradient))
        if norm > limit:
            self.gradient.mul_(limit / norm)
        return norm

    def update(self, lr: float, step: int, weight_decay: float) -> None:
        """One AdamW step (decoupled decay); `step` counts from 1 within the stage."""
        with torch.no_grad():
            self.first.lerp_(self.gradient, 1 - BETAS[0])
            self.second.mul_(BETAS[1]).addcmul_(self.gradient, self.gradient, value=1 - BETAS[1])
            if weight_decay > 0:
                self.flat.mul_(1 - lr * weight_decay * self.decays)
            root = (self.second / (1 - BETAS[1] ** step)).sqrt_().add_(EPSILON)
            self.flat.addcdiv_(self.first, root, value=-lr / (1 - BETAS[0] ** step))


def fresh_adapter(job: Job, stage: Stage, shape: Shape) -> Tensors:
    """Starting LoRA and expert tensors: A uniform in ±1/√in (as PEFT), B zero, router normal 0.02, all seeded."""
    generator = torch.Generator().manual_seed(job.seed)
    found: Tensors = {}
    q, kv = shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim
    sizes = {
        "self_attn.q_proj": (q, shape.hidden),
        "self_attn.k_proj": (kv, shape.hidden),
        "self_attn.v_proj": (kv, shape.hidden),
        "self_attn.o_proj": (shape.hidden, q),
        "mlp.gate_proj": (shape.ffn, shape.hidden),
        "mlp.up_proj": (shape.ffn, shape.hidden),
        "mlp.down_proj": (shape.hidden, shape.ffn),
    }

    def pair(at: str, size: tuple[int, int], rank: int, stack: tuple[int, ...]) -> None:
        bound = size[1] ** -0.5
        a = torch.rand((*stack, rank, size[1]), generator=generator) * 2 * bound - bound
        found[f"{at}.lora_A"], found[f"{at}.lora_B"] = a, torch.zeros((*stack, size[0], rank))

    experts, last = len(job.moe.experts), job.moe.layers or shape.layers
    for layer in range(shape.layers):
        routed = stage.mode == "experts" and layer >= shape.layers - last
        for name, size in sizes.items():
            part, projection = name.split(".")
            if routed and part == "mlp":
                pair(f"layers.{layer}.mlp.experts.{projection}", size, job.moe.rank, (experts,))
            elif projection in job.lora.targets and (stage.mode == "lora" or part == "self_attn"):
                pair(f"layers.{layer}.{name}", size, job.lora.rank, ())
        if routed:
            router = torch.randn((experts, shape.hidden), generator=generator) * 0.02
            found[f"layers.{layer}.mlp.router"] = router
    return found
