"""The texts of one step of training: each class by one of its names, the phrases that the crops show, colours, and
words that nothing shows; each in a template."""
from dataclasses import dataclass

import numpy as np
import torch

from .labels import ATTRIBUTE_ID, ATTRIBUTES, CLASS_ID, CLASSES, COLOURS
from .words import COLOUR_QUESTIONS, SYNONYMS, TEMPLATES, UNKNOWN, phrases_of

_PHRASES = 40  # in a step
_UNKNOWN = 16  # in a step; a quarter of them are letters without a meaning
_COLOURED = ("car", "bus", "person", "ball", "box", "cone", "ring", "star", "cloth", "sign", "bicycle", "chair", "bed")


@dataclass(frozen=True)
class Texts:
    """ids int64 [T, n]: classes, unknown, phrases, colours, in this order and these numbers. Of each patch: phrase and
    colour, the places of its answers among the phrases and colours, -1 for none, int64 [P]."""

    ids: torch.Tensor
    classes: int
    unknown: int
    phrases: int
    phrase: torch.Tensor
    colour: torch.Tensor

    def of(self, embeddings):
        """The embeddings of (classes with unknown, phrases, colours)."""
        first, second = self.classes + self.unknown, self.classes + self.unknown + self.phrases
        return embeddings[:first], embeddings[first:second], embeddings[second:]


def draw_texts(tokenizer, rng, fine, is_pure):
    """fine int64 [P], class * 256 + attribute; is_pure bool [P]: the patches that can have an answer. NumPy arrays."""
    said = [str(rng.choice(SYNONYMS[name])) for name in CLASSES[1:]]
    said += [_unknown(rng) for _ in range(_UNKNOWN)]

    with_attribute = is_pure & (fine % 256 != 0)
    shown, place, counts = np.unique(fine[with_attribute], return_inverse=True, return_counts=True)
    kept = np.argsort(-counts, kind="stable")[:_PHRASES]
    said += [str(rng.choice(phrases_of(CLASSES[f // 256], ATTRIBUTES[f % 256]))) for f in shown[kept]]
    answer = np.full(max(1, len(shown)), -1)
    answer[kept] = np.arange(len(kept))
    phrase = np.full(len(fine), -1)
    phrase[with_attribute] = answer[place]

    said += [str(rng.choice(COLOUR_QUESTIONS)).format(colour) for colour in COLOURS]
    first = ATTRIBUTE_ID[next(iter(COLOURS))]
    colour = fine % 256 - first
    coloured = (
        is_pure & np.isin(fine // 256, [CLASS_ID[name] for name in _COLOURED]) & (colour >= 0) & (colour < len(COLOURS))
    )
    colour = np.where(coloured, colour, -1)

    encoded = [tokenizer.encode(str(rng.choice(TEMPLATES)).format(text)) for text in said]
    ids = np.zeros((len(encoded), max(map(len, encoded))), np.int64)
    for row, tokens in zip(ids, encoded):
        row[: len(tokens)] = tokens
    return Texts(
        torch.from_numpy(ids), len(CLASSES) - 1, _UNKNOWN, len(kept), torch.from_numpy(phrase), torch.from_numpy(colour)
    )


def _unknown(rng):
    if rng.random() < 0.75:
        return str(rng.choice(UNKNOWN))
    return "".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), int(rng.integers(3, 10))))
