"""Bare rock and boulders."""
import numpy as np

from ..colour import shaded
from ..textures.ground import rock_face
from ..textures.noise import pink


def paint(sample, rng):
    value = rng.uniform(70, 165)
    colour = value * np.array([rng.uniform(0.95, 1.12), 1, rng.uniform(0.82, 1.05)])
    texture = 0.8 * sample(rock_face, rng.uniform(0.5, 1.8)) + 0.2 * sample(pink)
    return shaded(texture, colour, rng.uniform(0.4, 0.8), 0.7), "gray"
