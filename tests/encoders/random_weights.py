"""Random weights in the shape of published ones, such that an error in an encoder shows: activations of order 1, gains
and biases away from 1 and 0, position tables as strong as the patches, tokens small where a layer normalisation meets
them first (so that its epsilon counts), and attention that neither spreads evenly nor rests on one key."""
import numpy as np
import torch

CLIP_SIZES = {
    "tiny": dict(width=128, layers=8, patch=16, grid=14, text_width=128, text_layers=4, vocabulary=514, joint=64),
    "full": dict(width=768, layers=12, patch=16, grid=14, text_width=512, text_layers=12, vocabulary=49408, joint=512),
}
DINO_SIZES = {
    "dino": {
        "tiny": dict(width=128, layers=4, patch=16, grid=14),
        "full": dict(width=768, layers=12, patch=16, grid=14),
        "small8": dict(width=384, layers=12, patch=8, grid=28),
    },
    "dinov2": {
        "tiny": dict(width=128, layers=4, patch=14, grid=16),
        "full": dict(width=768, layers=12, patch=14, grid=37),
    },
}
CONTEXT = 77
GEM_TEMPERATURE = 14.0  # norm of a normalised token over 8; the 1.4 of width 128 and gain 1 would leave GEM means only
LOGITS = 2.0  # standard deviation of the logits of attention


class Draw:
    """A stream of random tensors and the tensors drawn so far, by name."""

    def __init__(self, seed):
        self.random, self.tensors = np.random.default_rng(seed), {}

    def values(self, *shape):
        return torch.from_numpy(self.random.standard_normal(shape, np.float32))

    def normal(self, name, *shape, std):
        self.tensors[name] = std * self.values(*shape)

    def linear(self, name, rows, columns, std):
        """Rows that give outputs of this deviation from inputs of order one; ends of names after the last dot or _."""
        separator = "_" if name.endswith("in_proj") else "."
        self.normal(f"{name}{separator}weight", rows, columns, std=std / columns**0.5)
        self.normal(f"{name}{separator}bias", rows, std=0.3 * std)

    def gains(self, name, width, low=0.6, high=1.5):
        self.tensors[name] = torch.from_numpy(self.random.uniform(low, high, width).astype(np.float32))

    def norm(self, name, width, scale=1.0):
        self.gains(name + ".weight", width, 0.6 * scale, 1.5 * scale)
        self.normal(name + ".bias", width, std=0.2 * scale)

    def table(self, name, grid, width, std, leading=()):
        """One row for CLS, then per patch a slow wave over the square plus noise."""
        rows, columns = np.meshgrid(np.arange(grid), np.arange(grid), indexing="ij")
        places = torch.from_numpy(np.stack([rows.ravel(), columns.ravel()], -1).astype(np.float32)) / grid
        waves = torch.cos(2 * np.pi * places @ self.values(2, width) + 3 * self.values(width))
        patches = waves + 0.5 * self.values(grid * grid, width)
        table = std * torch.cat([self.values(1, width), patches])
        self.tensors[name] = table.reshape(*leading, grid * grid + 1, width)

    def qkv(self, name, width, scale=1.0):
        """q, k and v in one matrix, for inputs of order `scale`. The energy of q and k falls along a head's rows, which
        leaves few effective dimensions: with all 64 equal, q-q attention of random tokens would be the identity."""
        self.linear(name, 3 * width, width, 1.0)
        self.tensors[f"{name}_weight" if name.endswith("in_proj") else f"{name}.weight"] /= scale
        fall = torch.exp(-torch.arange(64) / 6.0)
        strength = fall * (LOGITS * 8 / fall.pow(4).sum().sqrt()).sqrt()
        slow = torch.exp(-torch.arange(64) / 24.0)
        rows = torch.cat(
            [
                strength.repeat(width // 64),
                strength.repeat(width // 64),
                (slow / slow.square().mean().sqrt()).repeat(width // 64),
            ]
        )
        for tensor, value in self.tensors.items():
            if tensor.startswith(name):
                self.tensors[tensor] = value * (rows[:, None] if value.ndim == 2 else rows)


def clip_blocks(draw, prefix, width, layers, stream, scale=1.0):
    """stream: what a branch adds, in units of the tokens; scale: of what the first normalisation gives out."""
    for i in range(layers):
        block = f"{prefix}transformer.resblocks.{i}."
        draw.norm(block + "ln_1", width, scale)
        draw.qkv(block + "attn.in_proj", width, scale)
        draw.linear(block + "attn.out_proj", width, width, 0.7 * stream)
        draw.norm(block + "ln_2", width)
        draw.linear(block + "mlp.c_fc", 4 * width, width, 1.2)
        draw.linear(block + "mlp.c_proj", width, 4 * width, 0.7 * stream)


def clip(draw, width, layers, patch, grid, text_width, text_layers, vocabulary, joint):
    draw.normal("visual.class_embedding", width, std=0.05)
    draw.table("visual.positional_embedding", grid, width, 0.05)
    draw.normal("visual.conv1.weight", width, 3, patch, patch, std=0.05 / (3 * patch * patch) ** 0.5)
    draw.norm("visual.ln_pre", width)
    clip_blocks(draw, "visual.", width, layers, 1.0, GEM_TEMPERATURE * 8 / width**0.5)
    draw.norm("visual.ln_post", width)
    draw.normal("visual.proj", width, joint, std=width**-0.5)
    draw.normal("token_embedding.weight", vocabulary, text_width, std=0.03)
    draw.normal("positional_embedding", CONTEXT, text_width, std=0.02)
    clip_blocks(draw, "", text_width, text_layers, 0.03)
    draw.norm("ln_final", text_width)
    draw.normal("text_projection", text_width, joint, std=text_width**-0.5)
    draw.tensors["logit_scale"] = torch.tensor(4.6052)


def dino(draw, width, layers, patch, grid, registers=None):
    """registers: None for DINO, else the number of DINOv2's, 0 for none."""
    stream = 0.02
    draw.normal("cls_token", 1, 1, width, std=stream)
    draw.table("pos_embed", grid, width, stream, (1,))
    if registers is not None:
        draw.normal("mask_token", 1, width, std=stream)
    if registers:
        draw.normal("register_tokens", 1, registers, width, std=stream)
    draw.normal("patch_embed.proj.weight", width, 3, patch, patch, std=stream / (3 * patch * patch) ** 0.5)
    draw.normal("patch_embed.proj.bias", width, std=0.5 * stream)
    for i in range(layers):
        block = f"blocks.{i}."
        draw.norm(block + "norm1", width)
        draw.qkv(block + "attn.qkv", width)
        draw.linear(block + "attn.proj", width, width, 0.7 * stream)
        draw.norm(block + "norm2", width)
        draw.linear(block + "mlp.fc1", 4 * width, width, 1.2)
        draw.linear(block + "mlp.fc2", width, 4 * width, 0.7 * stream)
        if registers is not None:
            draw.gains(block + "ls1.gamma", width, 0.3, 1.8)
            draw.gains(block + "ls2.gamma", width, 0.3, 1.8)
    draw.norm("norm", width)


def sizes(kind, size):
    table = CLIP_SIZES if kind == "clip" else DINO_SIZES[kind]
    if size not in table:
        raise ValueError(f"{kind} has no size {size}; it has {', '.join(table)}.")
    return dict(table[size])


def make(kind, shape, seed, registers=0):
    """{original name: float32 tensor}; the same for the same seed, whatever naming it is written in."""
    draw = Draw(seed)
    if kind == "clip":
        clip(draw, **shape)
    else:
        dino(draw, **shape, registers=registers if kind == "dinov2" else None)
    return draw.tensors


def table_side(kind, w):
    """Patches along a side of the image that the position table was made for."""
    tokens = len(w["visual.positional_embedding"]) if kind == "clip" else w["pos_embed"].shape[1]
    return int((tokens - 1) ** 0.5)
