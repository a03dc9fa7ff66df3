"""DINO and DINOv2, pre-norm transformers with epsilon 1e-6 and exact GELU, as far as the feature that LPOSS takes: q, k
or v of the last block, all heads joined, patches only. Weights carry the authors' names."""
import torch
import torch.nn.functional as F

from attention import count_blocks, layer_norm, linear, merge_heads, patches_of, products, softmax, split_heads
from position_tables import by_offset_scale, by_size

EPS = 1e-6


def block_step(w, block, x, watch):
    """A whole block; DINO has no gains behind its branches (LayerScale), DINOv2 has."""
    packed = linear(layer_norm(x, w, block + "norm1", EPS), w, block + "attn.qkv")
    q, k, v = (split_heads(part) for part in packed.chunk(3, -1))
    branch = linear(merge_heads(softmax(products(q, k), watch) @ v), w, block + "attn.proj")
    x = x + branch * w.get(block + "ls1.gamma", 1)
    branch = linear(layer_norm(x, w, block + "norm2", EPS), w, block + "mlp.fc1")
    branch = linear(F.gelu(branch), w, block + "mlp.fc2")
    return x + branch * w.get(block + "ls2.gamma", 1)


def image_encoder(w, pixels, feature, watch=None):
    """pixels [B, 3, H, W], normalised, sides multiples of the patch -> feature rows, not normalised, [B, gh, gw, C]."""
    patches, grid = patches_of(pixels, w["patch_embed.proj.weight"], w["patch_embed.proj.bias"])
    registers = w.get("register_tokens")
    table = w["pos_embed"][0]
    resized = by_offset_scale(table[1:], grid) if registers is None else by_size(table[1:], grid, antialias=True)
    x = torch.cat([w["cls_token"].expand(len(pixels), -1, -1), patches], 1)
    x = x + torch.cat([table[:1], resized])
    if registers is not None:  # they have no position
        x = torch.cat([x[:, :1], registers.expand(len(pixels), -1, -1), x[:, 1:]], 1)
    *first, last = [f"blocks.{i}." for i in range(count_blocks(w, "blocks.{}.norm1.weight"))]
    for block in first:
        x = block_step(w, block, x, watch)
    rows = linear(layer_norm(x, w, last + "norm1", EPS), w, last + "attn.qkv").chunk(3, -1)["qkv".index(feature)]
    return rows[:, -grid[0] * grid[1] :].unflatten(1, grid)
