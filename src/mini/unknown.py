"""Measures whether "none of these" can be told, by the cosine of patch and word: python3 -m mini.unknown CHECKPOINT
[--scenes N]

On rendered scenes of other seeds than those of training, for the words of classes that a patch does not show, for the
unknown words of training and for those held out of it."""
import argparse
from pathlib import Path

import numpy as np
import torch

from .bank import Bank
from .crops import by_patch, commonest
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
            patches, _ = encoders.image(torch.from_numpy(scene.image).permute(2, 0, 1)[None].float() / 255)
        shown, purity = commonest(by_patch(scene.classes, PATCH))
        pure = purity >= _PURE
        embeddings.append(patches.flatten(0, 2)[torch.from_numpy(pure)])
        classes.append(shown[pure])
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


def told_apart(own, against):
    """How well `own`, the cosines of patches with their own class, stand above `against` (both of any shape): the
    chance that one does, and the share of `against` that a threshold lets pass which keeps _KEPT of `own`."""
    own, against = own.flatten().numpy(), against.flatten().numpy()
    return {"area": area_under_curve(own, against), "passing": float((against > np.quantile(own, 1 - _KEPT)).mean())}


def taken(against, known):
    """The mean share of patches that an unknown word [P, U] takes when it is asked beside all classes [P, C], by
    cosines."""
    return float((against > known.amax(1, keepdim=True)).float().mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--scenes", type=int, default=100)
    arguments = parser.parse_args()
    encoders, tokenizer = load(arguments.checkpoint)
    patches, classes = patches_of(encoders, arguments.scenes)
    known = patches @ embeddings_of(encoders, tokenizer, CLASSES[1:]).T
    its_own = torch.from_numpy(np.arange(1, len(CLASSES)) == classes[:, None])

    def report(name, figures):
        print(f"{name}: " + ", ".join(f"{key} {value:.4f}" for key, value in figures.items()))

    report("words of other classes", told_apart(known[its_own], known[~its_own]))
    for name, words in (("of training", UNKNOWN), ("held out", UNKNOWN_HELD_OUT)):
        against = patches @ embeddings_of(encoders, tokenizer, words).T
        report(
            f"{len(words)} unknown words {name}", told_apart(known[its_own], against) | {"taken": taken(against, known)}
        )


if __name__ == "__main__":
    main()
