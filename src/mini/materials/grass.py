"""Mown or long grass, green or partly dry."""
import numpy as np

from ..colour import plant_green, ramp
from ..textures.noise import pink, smooth
from ..textures.strokes import blades, leaves


def paint(sample, rng):
    colour = plant_green(rng) * rng.uniform(0.9, 1.3)
    strokes = sample(blades if rng.random() < 0.7 else leaves, rng.uniform(0.3, 1.0))
    texture = 0.55 * strokes + 0.25 * sample(pink) + 0.2 * sample(smooth, 2.0)
    light = colour * 1.4
    if rng.random() < 0.4:
        light = np.array([rng.uniform(120, 170), rng.uniform(110, 150), rng.uniform(60, 90)])
    return ramp(texture, colour * (1 - rng.uniform(0.3, 0.6)), colour, light), "green"
