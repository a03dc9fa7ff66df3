"""Earth, mud and gravel (class dirt)."""
import numpy as np

from ..colour import shaded
from ..textures.ground import asphalt, rock_face
from ..textures.noise import pink


def paint(sample, rng):
    red = rng.uniform(85, 165)
    colour = red * np.array([1.0, rng.uniform(0.7, 0.82), rng.uniform(0.45, 0.62)])
    texture = 0.5 * sample(pink) + 0.3 * sample(asphalt) + 0.2 * sample(rock_face)
    return shaded(texture, colour, rng.uniform(0.3, 0.7), 0.7), "brown"
