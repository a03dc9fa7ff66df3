"""Sand, plain or rippled by the wind."""
import numpy as np

from ..colour import shaded
from ..textures.ground import ripples
from ..textures.noise import pink, white


def paint(sample, rng):
    red = rng.uniform(165, 230)
    colour = red * np.array([1.0, rng.uniform(0.8, 0.92), rng.uniform(0.52, 0.78)])
    texture = 0.6 * sample(ripples, rng.uniform(0.5, 1.5)) + 0.25 * sample(pink) + 0.15 * sample(white)
    return shaded(texture, colour, rng.uniform(0.15, 0.45), 0.6), "none"
