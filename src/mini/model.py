"""The encoders: an image tower with two heads (patch embeddings beside text; features for the patch graph) and a text
tower.

Both image heads give one unit vector of WIDTH numbers per patch of PATCH pixels. Nothing in the image tower knows the
image's size or a patch's place but through the zeros beyond the image's edge, so any size that is a multiple of
PATCH will do."""
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

PATCH = 16  # pixels
WIDTH = 64  # numbers in an embedding, of either head and of the text tower


@dataclass(frozen=True)
class Shape:
    """Sizes of both towers; what a checkpoint and the exporter need to build them again."""

    vocabulary: int  # tokens
    classes: int  # of the auxiliary head, which is not exported
    end: int  # id of the token that closes a text
    context: int = 32  # tokens of a text
    stem: tuple = (32, 64, 96)  # channels after each halving of the image but the last
    width: int = 144  # channels per patch
    residual: int = 2  # residual convolutions over patches
    depth: int = 3  # transformer blocks
    heads: int = 4
    text_width: int = 64
    text_depth: int = 2
    text_heads: int = 2


class Convolution(nn.Sequential):
    """Convolution, batch normalisation and, unless told otherwise, ReLU."""

    def __init__(self, before, after, stride=1, activated=True):
        layers = [nn.Conv2d(before, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after)]
        super().__init__(*layers, *([nn.ReLU(inplace=True)] if activated else []))


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.inner = nn.Sequential(Convolution(width, width), Convolution(width, width, activated=False))

    def forward(self, x):
        return x + self.inner(x)


class Block(nn.Module):
    """A pre-norm transformer block: x [B, N, width]; mask [N, N] is added to the scores of attention."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.grow, self.shrink = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, mask=None):
        b, n, width = x.shape
        q, k, v = (
            self.qkv(self.norm1(x)).reshape(b, n, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        )
        scores = q * (width // self.heads) ** -0.5 @ k.transpose(-1, -2)
        if mask is not None:
            scores = scores + mask
        x = x + self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(b, n, width))
        return x + self.shrink(F.gelu(self.grow(self.norm2(x))))


class ImageTower(nn.Module):
    """images [B, 3, h, w] in 0..1, RGB, h and w multiples of PATCH ->
    (patch embeddings, graph features), both [B, h / PATCH, w / PATCH, WIDTH], of unit length."""

    _MIDDLE = 2  # the block whose tokens, with those before all blocks and the statistics, make the graph's features
    _STATISTICS = 12  # of a patch: mean and deviation of each channel

    def __init__(self, shape):
        super().__init__()
        channels = (6, *shape.stem, shape.width)  # an image and its logarithm: dark places keep their texture
        self.stem = nn.Sequential(*(Convolution(a, b, 2) for a, b in zip(channels, channels[1:])),
                                  *(Residual(shape.width) for _ in range(shape.residual)),
                                  nn.Conv2d(shape.width, shape.width, 1))  # fmt: skip
        self.blocks = nn.ModuleList(Block(shape.width, shape.heads) for _ in range(shape.depth))
        self.norm, self.project = nn.LayerNorm(shape.width), nn.Linear(shape.width, WIDTH, bias=False)
        self.graph_norm = nn.LayerNorm(2 * shape.width)
        self.graph = nn.Sequential(nn.Linear(2 * shape.width + self._STATISTICS, 2 * shape.width), nn.GELU(),
                                   nn.Linear(2 * shape.width, WIDTH))  # fmt: skip

    def tokens(self, images):
        """(statistics [B, N, 12]; tokens before all blocks, after block _MIDDLE, at the end, each [B, N, width]), and
        the grid (rows, columns)."""
        seen = torch.cat([(images - 0.45) / 0.25, (images + 0.03).log() * 0.9 + 1.1], 1)
        mean = F.avg_pool2d(seen, PATCH)
        deviation = (F.avg_pool2d(seen.square(), PATCH) - mean.square()).clamp(min=1e-4).sqrt()
        statistics = torch.cat([mean, deviation], 1).flatten(2).transpose(1, 2)
        x = self.stem(seen)
        grid = x.shape[2], x.shape[3]
        first = middle = tokens = x.flatten(2).transpose(1, 2).float()  # of half width where training is
        for i, block in enumerate(self.blocks):
            tokens = block(tokens)
            if i + 1 == self._MIDDLE:
                middle = tokens
        return (statistics, first, middle, tokens), grid

    def heads(self, statistics, first, middle, last):
        """(patch embeddings, graph features), both [B, N, WIDTH], of unit length."""
        patches = F.normalize(self.project(self.norm(last)), dim=-1)
        appearance = torch.cat([self.graph_norm(torch.cat([first, middle], -1)), statistics], -1)
        return patches, F.normalize(self.graph(appearance), dim=-1)

    def forward(self, images):
        tokens, (rows, columns) = self.tokens(images)
        return tuple(x.reshape(x.shape[0], rows, columns, WIDTH) for x in self.heads(*tokens))


class TextTower(nn.Module):
    """ids [B, n] with n <= context, closed by the end token -> [B, WIDTH] of unit length. What follows the first end
    token does not matter: attention looks back only, and the end token is pooled."""

    def __init__(self, shape):
        super().__init__()
        self.end = shape.end
        self.embedding = nn.Embedding(shape.vocabulary, shape.text_width)
        self.position = nn.Parameter(0.02 * torch.randn(shape.context, shape.text_width))
        self.blocks = nn.ModuleList(Block(shape.text_width, shape.text_heads) for _ in range(shape.text_depth))
        self.norm, self.project = nn.LayerNorm(shape.text_width), nn.Linear(shape.text_width, WIDTH, bias=False)
        nn.init.normal_(self.embedding.weight, std=0.05)
        self.register_buffer("mask", torch.full((shape.context, shape.context), -1e4).triu(1), persistent=False)

    def forward(self, ids):
        n = ids.shape[1]
        x = self.embedding(ids) + self.position[:n]
        for block in self.blocks:
            x = block(x, self.mask[:n, :n])
        ends = (ids == self.end).to(x.dtype)
        first_end = ends * (ends.cumsum(1) == 1).to(x.dtype)
        return F.normalize(self.project((self.norm(x) * first_end.unsqueeze(-1)).sum(1)), dim=-1)


class Encoders(nn.Module):
    """Both towers, and what only training needs: the scale of cosines and a head that reads classes from the stem."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.image, self.text = ImageTower(shape), TextTower(shape)
        self.log_scale = nn.Parameter(torch.tensor(2.8))
        self.auxiliary = nn.Sequential(nn.LayerNorm(shape.width), nn.Linear(shape.width, shape.classes))
