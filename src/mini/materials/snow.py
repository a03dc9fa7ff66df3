"""Snow: bright, a little blue in its hollows."""
import numpy as np

from ..colour import ramp
from ..textures.noise import grainy, smooth, soft


def paint(sample, rng):
    value = rng.uniform(200, 250)
    colour = value - np.array([rng.uniform(0, 14), rng.uniform(0, 6), 0])
    texture = 0.5 * sample(soft, 1.5) + 0.3 * sample(grainy) + 0.2 * sample(smooth, 2.0)
    hollow = colour * (1 - rng.uniform(0.08, 0.3)) * [0.94, 0.97, 1.0]
    return ramp(texture, hollow, colour, np.minimum(colour * 1.05, 255)), "white"
