"""Distant slopes: bare as rock, or overgrown."""
import numpy as np

from ..colour import shaded
from ..textures.ground import rock_face
from ..textures.noise import soft
from ..textures.strokes import leaves


def paint(sample, rng):
    if rng.random() < 0.45:
        colour = np.array([rng.uniform(50, 105), rng.uniform(70, 115), rng.uniform(50, 105)])
        texture = 0.5 * sample(rock_face, rng.uniform(0.8, 2)) + 0.25 * sample(leaves, 0.5) + 0.25 * sample(soft, 2.0)
        return shaded(texture, colour, rng.uniform(0.3, 0.7), 0.7), "none"
    value = rng.uniform(70, 160)
    colour = value * np.array([rng.uniform(0.95, 1.12), 1, rng.uniform(0.85, 1.08)])
    texture = 0.75 * sample(rock_face, rng.uniform(0.8, 2.5)) + 0.25 * sample(soft, 2.0)
    return shaded(texture, colour, rng.uniform(0.4, 0.8), 0.7), "none"
