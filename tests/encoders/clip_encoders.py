"""CLIP's encoders, pre-norm transformers with epsilon 1e-5, and the dense variants of the image encoder.

Notation of the variants: x the tokens that enter the last block, u = LN1(x), q, k, v its projections per head,
O(.) the heads joined and projected, f = LN_post(.) P. Weights carry open_clip's names."""
import math

import torch
import torch.nn.functional as F

from attention import count_blocks, layer_norm, linear, merge_heads, patches_of, products, softmax, split_heads
from position_tables import by_offset_scale, by_size

EPS = 1e-5
ACTIVATIONS = {"gelu": F.gelu, "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x)}


class Block:
    """One residual block: its parts, so that a variant can put them together in another way."""

    def __init__(self, w, name, activation):
        self.w, self.name, self.activation = w, name, ACTIVATIONS[activation]

    def normed(self, x):
        return layer_norm(x, self.w, self.name + "ln_1", EPS)

    def qkv(self, u):
        packed = F.linear(u, self.w[self.name + "attn.in_proj_weight"], self.w[self.name + "attn.in_proj_bias"])
        return [split_heads(part) for part in packed.chunk(3, -1)]

    def out(self, y):
        return linear(merge_heads(y), self.w, self.name + "attn.out_proj")

    def mlp(self, x):
        hidden = linear(layer_norm(x, self.w, self.name + "ln_2", EPS), self.w, self.name + "mlp.c_fc")
        return linear(self.activation(hidden), self.w, self.name + "mlp.c_proj")

    def __call__(self, x, mask=0.0, watch=None):
        q, k, v = self.qkv(self.normed(x))
        x = x + self.out(softmax(products(q, k) + mask, watch) @ v)
        return x + self.mlp(x)


def maskclip(blocks, x, grid, watch):
    """As LPOSS has it: attention is the identity, residual and MLP stay."""
    *first, last = blocks
    for block in first:
        x = block(x, watch=watch)
    q, k, v = last.qkv(last.normed(x))
    y = x + last.out(v)
    return y + last.mlp(y)


def sclip(blocks, x, grid, watch):
    """The sum of q-q and k-k attention, rows summing to 2; residual and MLP stay."""
    *first, last = blocks
    for block in first:
        x = block(x, watch=watch)
    q, k, v = last.qkv(last.normed(x))
    y = x + last.out((softmax(products(q, q), watch) + softmax(products(k, k), watch)) @ v)
    return y + last.mlp(y)


def clearclip(blocks, x, grid, watch):
    """q-q attention alone."""
    *first, last = blocks
    for block in first:
        x = block(x, watch=watch)
    q, k, v = last.qkv(last.normed(x))
    return last.out(softmax(products(q, q), watch) @ v)


def nacclip(blocks, x, grid, watch):
    """k-k attention alone, exp(-distance^2 / (2 * 5^2)) between patches added to its logits, 0 at the CLS token."""
    *first, last = blocks
    for block in first:
        x = block(x, watch=watch)
    q, k, v = last.qkv(last.normed(x))
    rows, columns = torch.meshgrid(torch.arange(grid[0]), torch.arange(grid[1]), indexing="ij")
    places = torch.stack([rows.flatten(), columns.flatten()], -1).to(x.dtype)
    squares = (places[:, None] - places[None]).square().sum(-1)
    near = F.pad(torch.exp(-squares / (2 * 5**2)), (1, 0, 1, 0))
    return last.out(softmax(products(k, k) + near, watch) @ v)


def gem(blocks, x, grid, watch):
    """Two streams through the last six blocks: the original one, and g, to which each block adds the mean of three
    self-self attentions (q-q, k-k, v-v) over the original stream's values, without MLP."""
    for block in blocks[:-6]:
        x = block(x, watch=watch)
    g = x
    for block in blocks[-6:]:
        u = block.normed(x)
        q, k, v = block.qkv(u)
        temperature = u.norm(dim=-1).mean(dim=1).view(-1, 1, 1, 1) / math.sqrt(v.shape[-1])
        attended = 0
        for p in (q, k, v):
            p = F.normalize(p, dim=-1)
            p = softmax(temperature * (p @ p.transpose(-1, -2))) @ p
            p = F.normalize(p, dim=-1)
            attended = attended + softmax(temperature * (p @ p.transpose(-1, -2)), watch) @ v
        g = g + block.out(attended / 3)
        x = block(x, watch=watch)
    return g


VARIANTS = {"maskclip": maskclip, "sclip": sclip, "clearclip": clearclip, "nacclip": nacclip, "gem": gem}


def positions(variant, table, grid):
    if variant == "maskclip":
        return by_size(table, grid)
    if variant == "gem":
        return by_size(table, grid, antialias=True)
    return by_offset_scale(table, grid)


def encoder_blocks(w, prefix, activation):
    names = prefix + "transformer.resblocks.{}."
    return [Block(w, names.format(i), activation) for i in range(count_blocks(w, names + "ln_1.weight"))]


def image_encoder(w, pixels, variant, activation, watch=None):
    """pixels [B, 3, H, W], normalised, sides multiples of the patch -> per patch f, not normalised, [B, gh, gw, D]."""
    patches, grid = patches_of(pixels, w["visual.conv1.weight"])
    table = w["visual.positional_embedding"]
    tokens = torch.cat([w["visual.class_embedding"].expand(len(pixels), 1, -1), patches], 1)
    tokens = tokens + torch.cat([table[:1], positions(variant, table[1:], grid)])
    tokens = layer_norm(tokens, w, "visual.ln_pre", EPS)
    tokens = VARIANTS[variant](encoder_blocks(w, "visual.", activation), tokens, grid, watch)
    f = layer_norm(tokens, w, "visual.ln_post", EPS) @ w["visual.proj"]
    return f[:, 1:].unflatten(1, grid)


def text_encoder(w, ids, activation, watch=None):
    """ids [P, 77] int64 -> the token with the largest id (its first occurrence), projected, not normalised, [P, D]."""
    x = w["token_embedding.weight"][ids] + w["positional_embedding"]
    later = torch.full((ids.shape[1], ids.shape[1]), -torch.inf, dtype=x.dtype).triu(1)
    for block in encoder_blocks(w, "", activation):
        x = block(x, later, watch)
    x = layer_norm(x, w, "ln_final", EPS)
    ends = torch.from_numpy(ids.numpy().argmax(-1))  # NumPy promises the first occurrence
    return x[torch.arange(len(ids)), ends] @ w["text_projection"]
