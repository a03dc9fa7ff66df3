"""Leaves of trees and hedges seen as a surface."""
import numpy as np

from ..colour import plant_green, ramp
from ..textures.noise import smooth
from ..textures.strokes import leaves


def paint(sample, rng):
    texture = 0.75 * sample(leaves, rng.uniform(0.5, 2.2)) + 0.25 * sample(smooth, 2.0) + 0.05 * rng.normal()
    colour, attribute = plant_green(rng), "green"
    if rng.random() < 0.15:
        colour = np.array([rng.uniform(150, 210), rng.uniform(80, 140), rng.uniform(20, 50)])
        attribute = "autumn"
    dark = colour * (1 - rng.uniform(0.5, 0.9))
    return ramp(texture, dark, colour * rng.uniform(0.6, 0.9), colour * rng.uniform(1.2, 1.8) + 10), attribute
