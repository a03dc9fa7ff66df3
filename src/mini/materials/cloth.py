"""Woven cloth, plain or patterned."""
from ..patterns import pattern
from ..textures.made import weave


def paint(sample, rng):
    return pattern(rng, sample(weave, rng.uniform(0.4, 1.2)))
