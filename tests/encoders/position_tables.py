"""Tables of position embeddings [N, C], row-major over a square of patches, resized to a grid of gh x gw patches: the
conventions of the published programs, each by PyTorch's own interpolation."""
import math

import torch.nn.functional as F


def resized(table, grid, **how):
    """Bicubic, half-pixel centres; `how` says size or scale_factor, and antialias."""
    side = math.isqrt(len(table))
    image = table.t().reshape(1, -1, side, side)
    result = F.interpolate(image, mode="bicubic", align_corners=False, **how)
    assert tuple(result.shape[2:]) == tuple(grid), (result.shape, grid)
    return result.flatten(2)[0].t()


def by_size(table, grid, antialias=False):
    """LPOSS's MaskCLIP and Hugging Face (antialias off); GEM, open_clip and DINOv2 with registers (on)."""
    return resized(table, grid, size=tuple(grid), antialias=antialias)


def by_offset_scale(table, grid):
    """DINO, plain DINOv2, SCLIP, ClearCLIP, NACLIP: sampled at the step side / (grid + 0.1), which differs from
    side / grid; a grid as large as the table takes it as it is."""
    side = math.isqrt(len(table))
    if tuple(grid) == (side, side):
        return table
    return resized(table, grid, scale_factor=tuple((g + 0.1) / side for g in grid))
