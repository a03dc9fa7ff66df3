"""Measures whether words that nothing shows are told from those of the classes: python3 -m mini.unknown CHECKPOINT [--scenes N]

On rendered scenes of other seeds than those of training, for the unknown words of training and for those held out of it."""
import argparse
from pathlib import Path

import numpy as np
import torch

from .bank import Bank
from .export import load
from .labels import CLASSES
from .model import PATCH
from .render import render
from .words import UNKNOWN, UNKNOWN_HELD_OUT

_FIRST_SEED = 20_000_000
_PURE = 0.9  # share of a patch's pixels
_KEPT = 0.95  # share of the shown classes' patches that a threshold is to keep


def patches_of(encoders, scenes):
    """(embeddings [P, D], class ids [P]) of the pure patches of rendered scenes."""
    bank, embeddings, classes = Bank(_FIRST_SEED), [], []
    for seed in range(_FIRST_SEED, _FIRST_SEED + scenes):
        scene = render(seed, bank)
        with torch.no_grad():
            patches, _ = encoders.image(torch.from_numpy(scene.picture).permute(2, 0, 1)[None].float() / 255)
        rows, columns = patches.shape[1:3]
        labels = scene.classes.reshape(rows, PATCH, columns, PATCH).swapaxes(1, 2).reshape(rows * columns, -1)
        middle = np.sort(labels, 1)[:, labels.shape[1] // 2]
        pure = (labels == middle[:, None]).mean(1) >= _PURE
        embeddings.append(patches.reshape(rows * columns, -1)[torch.from_numpy(pure)])
        classes.append(middle[pure])
    return torch.cat(embeddings), np.concatenate(classes)


def embeddings_of(encoders, tokenizer, words):
    with torch.no_grad():
        return torch.cat([encoders.text(torch.tensor([tokenizer.encode(f"a photo of a {word}")])) for word in words])


def area_under_curve(higher, lower):
    """The chance that one of `higher` exceeds one of `lower`, ties counting half."""
    values, counts = np.unique(np.concatenate([higher, lower]), return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[np.searchsorted(values, higher)]
    return (ranks.sum() - len(higher) * (len(higher) + 1) / 2) / (len(higher) * len(lower))


def measure(patches, classes, known, unknown):
    """patches [P, D]; classes [P], ids from 1; known [C, D]; unknown [U, D]. A dict of

    area: the chance that a patch is nearer to its own class than a patch is to an unknown word; passing: the share of pairs of
    patch and unknown word that a threshold lets pass which keeps _KEPT of the patches with their own class; taken: the mean share
    of patches that an unknown word takes when it is asked beside all classes."""
    own = (patches * known[classes - 1]).sum(1).numpy()
    against = patches @ unknown.T
    best = (patches @ known.T).amax(1, keepdim=True)
    return {"area": area_under_curve(own, against.flatten().numpy()),
            "passing": float((against > np.quantile(own, 1 - _KEPT)).float().mean()),
            "taken": float((against > best).float().mean())}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--scenes", type=int, default=100)
    arguments = parser.parse_args()
    encoders, tokenizer = load(arguments.checkpoint)
    patches, classes = patches_of(encoders, arguments.scenes)
    known = embeddings_of(encoders, tokenizer, CLASSES[1:])
    for name, words in (("of training", UNKNOWN), ("held out", UNKNOWN_HELD_OUT)):
        figures = measure(patches, classes.astype(np.int64), known, embeddings_of(encoders, tokenizer, words))
        print(f"unknown words {name}, {len(words)}: " + ", ".join(f"{key} {value:.4f}" for key, value in figures.items()))


if __name__ == "__main__":
    main()
