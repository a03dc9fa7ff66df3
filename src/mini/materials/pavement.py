"""Slabs, bricks, cobbles or poured concrete."""
import numpy as np

from ..colour import grey, shaded
from ..textures.masonry import bricks, cobbles, slabs
from ..textures.noise import grainy, pink, soft


def paint(sample, rng):
    if rng.random() < 0.75:
        colour = grey(rng, 80, 200, 0.22)
    else:  # red paving
        colour = np.array([rng.uniform(140, 190), rng.uniform(95, 130), rng.uniform(85, 115)])
    kind = rng.random()
    if kind < 0.55:
        texture, attribute = 0.65 * sample(slabs, rng.uniform(0.25, 1)) + 0.35 * sample(pink), "tiled"
    elif kind < 0.7:
        texture, attribute = 0.7 * sample(bricks, rng.uniform(0.3, 0.8)) + 0.3 * sample(soft), "brick"
    elif kind < 0.8:
        texture, attribute = 0.7 * sample(cobbles, rng.uniform(0.4, 1.2)) + 0.3 * sample(pink), "stone"
    else:
        texture, attribute = 0.5 * sample(grainy) + 0.5 * sample(soft, 2.0), "concrete"
    return shaded(texture, colour, rng.uniform(0.25, 0.7)), attribute
