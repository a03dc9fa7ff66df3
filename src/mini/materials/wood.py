"""Wood with its grain, whole or in boards."""
from ..colour import one_of, shaded
from ..textures.made import wood_grain

_COLOURS = ((150, 105, 65), (110, 75, 45), (185, 145, 100), (90, 65, 50), (200, 175, 140))


def paint(sample, rng):
    return (
        shaded(sample(wood_grain, rng.uniform(0.4, 1.5)), one_of(rng, _COLOURS), rng.uniform(0.25, 0.6), 0.6),
        "brown",
    )
