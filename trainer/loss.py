"""Cross-entropy on supervised rows only, in chunks, its gradient in the same pass: logits are never whole."""

from typing import Any

import torch

CHUNK_ROWS = 1024


class ChunkedCrossEntropy(torch.autograd.Function):
    """Sum of the rows' losses; the rows' own losses come beside it, without a gradient."""

    @staticmethod
    def forward(
        ctx: Any, hidden: torch.Tensor, head: torch.Tensor, targets: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        wide = torch.float64 if hidden.dtype == torch.float64 else torch.float32
        losses = torch.empty(len(targets), dtype=wide, device=hidden.device)
        hidden_gradient = torch.empty_like(hidden) if ctx.needs_input_grad[0] else None
        head_gradient = torch.zeros_like(head, dtype=wide) if ctx.needs_input_grad[1] else None
        for at in range(0, len(targets), CHUNK_ROWS):
            rows, wanted = hidden[at : at + CHUNK_ROWS], targets[at : at + CHUNK_ROWS, None]
            scores = (rows @ head.T).to(wide)  # (rows, vocabulary)
            total = scores.logsumexp(-1, keepdim=True)
            losses[at : at + CHUNK_ROWS] = (total - scores.gather(1, wanted)).squeeze(1)
            if hidden_gradient is None and head_gradient is None:
                continue
            gradient = (scores - total).exp_().scatter_add_(1, wanted, -torch.ones_like(total)).to(hidden.dtype)
            if hidden_gradient is not None:
                hidden_gradient[at : at + CHUNK_ROWS] = gradient @ head
            if head_gradient is not None:
                head_gradient += gradient.T @ rows
        ctx.save_for_backward(hidden_gradient, head_gradient)
        ctx.mark_non_differentiable(losses)
        return losses.sum(), losses

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, torch.Tensor | None, None]:
        hidden, head = ctx.saved_tensors
        scale = gradients[0]
        return (
            None if hidden is None else hidden * scale.to(hidden.dtype),
            None if head is None else head * scale.to(head.dtype),
            None,
        )


def cross_entropy(hidden: torch.Tensor, head: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Loss sum and row losses of `hidden` (rows, hidden) against `targets` (rows,)."""
    total, losses = ChunkedCrossEntropy.apply(hidden, head, targets)  # type: ignore[no-untyped-call]
    return total, losses
