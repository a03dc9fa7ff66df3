"""Muon: momentum whose matrices are made orthogonal before they are taken as a step (Jordan et al. 2024), at the size
that a step of Adam has (Liu et al. 2025, "Muon is scalable for LLM training"), so that rate and weight decay are those
of AdamW."""
import torch
from torch import distributed

_COEFFICIENTS = 3.4445, -4.7750, 2.0315  # of the quintic that brings singular values near 1, by Jordan et al.
_ITERATIONS = 5
_ADAM_SIZE = 0.2  # root mean square of an entry of Adam's step


class Muon(torch.optim.Optimizer):
    """For parameters of two dimensions or more; further dimensions are taken together with the second (a convolution's
    weights are a matrix with a row per channel that it makes). Within a process group each process makes a share of the
    steps and all sum them."""

    def __init__(self, parameters, lr, momentum=0.95, weight_decay=0.0):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        processes, process = (
            (distributed.get_world_size(), distributed.get_rank()) if distributed.is_initialized() else (1, 0)
        )
        for group in self.param_groups:
            parameters = [p for p in group["params"] if p.grad is not None]
            directions = []
            for i, p in enumerate(parameters):
                if "momentum" not in self.state[p]:
                    self.state[p]["momentum"] = torch.zeros_like(p)
                momentum = self.state[p]["momentum"]
                momentum.lerp_(p.grad, 1 - group["momentum"])
                ahead = p.grad.lerp(momentum, group["momentum"])
                directions.append(
                    orthogonal(ahead.flatten(1).bfloat16()).float()
                    if i % processes == process
                    else torch.zeros_like(ahead).flatten(1)
                )
            if processes > 1:
                together = torch.cat([d.flatten() for d in directions])
                distributed.all_reduce(together)
                directions = together.split([p.numel() for p in parameters])
            for p, direction in zip(parameters, directions):
                size = _ADAM_SIZE * max(p.shape[0], p[0].numel()) ** 0.5
                p.mul_(1 - group["lr"] * group["weight_decay"]).add_(direction.view(p.shape), alpha=-group["lr"] * size)


def orthogonal(matrix):
    """The matrix [m, n] with singular values near 1 (0.7 to 1.2) in place of its own, by Newton-Schulz iteration."""
    a, b, c = _COEFFICIENTS
    x = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(_ITERATIONS):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return x.T if matrix.shape[0] > matrix.shape[1] else x
