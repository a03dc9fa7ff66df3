"""What all encoders share: patches, heads, softmax over keys, layer normalisation. Tokens are [B, N, C], heads
[B, heads, N, d]."""
import math

import torch
import torch.nn.functional as F

UNUSUAL_HEADS = {1280: 16, 1408: 16, 1664: 16}  # H/14, g/14 and bigG/14 of CLIP: heads of 80, 88 and 104


def patches_of(pixels, kernel, bias=None):
    """One token per patch, row-major, and the grid (gh, gw)."""
    patch = kernel.shape[-1]
    if pixels.shape[-2] % patch or pixels.shape[-1] % patch:  # conv2d would leave the rest out without a word
        raise ValueError(f"An image of {list(pixels.shape)} is no whole number of patches of {patch} pixels.")
    patches = F.conv2d(pixels, kernel, bias, stride=patch)
    return patches.flatten(2).transpose(1, 2), tuple(patches.shape[2:])


def heads_of(width):
    return UNUSUAL_HEADS.get(width, width // 64)


def split_heads(x):
    return x.unflatten(-1, (heads_of(x.shape[-1]), -1)).transpose(1, 2)


def merge_heads(x):
    return x.transpose(1, 2).flatten(2)


def products(a, b):
    """a b^T / sqrt(d)."""
    return a @ b.transpose(-1, -2) / math.sqrt(a.shape[-1])


def softmax(logits, watch=None):
    """Softmax over keys. `watch`, a list, gets the mean entropy of the rows as a part of the largest possible."""
    weights = torch.softmax(logits, -1)
    if watch is not None:
        seen = torch.isfinite(logits).sum(-1)
        entropy = -(weights * weights.clamp_min(1e-30).log()).sum(-1)
        watch.append(float((entropy / seen.log())[seen > 1].mean()))
    return weights


def layer_norm(x, w, name, eps):
    return F.layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], eps)


def linear(x, w, name):
    return F.linear(x, w[name + ".weight"], w[name + ".bias"])


def count_blocks(w, pattern):
    count = 0
    while pattern.format(count) in w:
        count += 1
    return count
