"""A scene of a seed."""
from dataclasses import dataclass

import numpy as np

from .canvas import Canvas
from .lens import photograph
from .scenes import SCENES

VERSION = 3  # of what a seed draws: raise it with every change, so that caches of another version are not taken up
SIZE = (288, 384)  # rows, columns


@dataclass(frozen=True)
class Scene:
    kind: str
    image: np.ndarray  # uint8 [h, w, 3], RGB
    classes: np.ndarray  # uint8 [h, w], ids of labels.py; 0 nowhere
    attributes: np.ndarray  # uint8 [h, w]
    regions: np.ndarray  # uint16 [h, w], 1 and up: pixels of one number belong to one thing or surface


def render(seed, bank, kind=None, size=SIZE):
    """The same seed, kind, size and bank's seed give the same bits. kind: a name of SCENES, drawn by its share if not
    given; size: (rows, columns), each 32 or more."""
    if kind is not None and kind not in SCENES:
        raise ValueError(f"there is no scene '{kind}'; there are {', '.join(SCENES)}")
    if min(size) < 32:
        raise ValueError(f"a scene of {size[1]} x {size[0]} pixels is too small; each side must be 32 or more")
    rng = np.random.default_rng(seed)
    shares = [share for _, share in SCENES.values()]
    drawn = str(rng.choice(list(SCENES), p=shares))
    kind = kind or drawn
    canvas = Canvas(bank, rng, *size)
    SCENES[kind][0](canvas)
    return Scene(kind, photograph(canvas), canvas.classes, canvas.attributes, canvas.regions)
