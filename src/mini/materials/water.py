"""Rippled water, lighter on its crests."""
import numpy as np

from ..colour import one_of, ramp
from ..textures.ground import waves
from ..textures.noise import smooth

_COLOURS = ((60, 95, 120), (40, 80, 90), (90, 110, 115), (50, 110, 150), (110, 125, 135), (70, 85, 75))


def paint(sample, rng):
    colour = one_of(rng, _COLOURS)
    texture = 0.8 * sample(waves, rng.uniform(0.4, 1.6)) + 0.2 * sample(smooth, 2.0)
    contrast = rng.uniform(0.3, 0.8)
    light = np.minimum(colour * (1 + 0.6 * contrast) + rng.uniform(0, 60), 255)
    return ramp(texture, colour * (1 - contrast), colour, light), "none"
