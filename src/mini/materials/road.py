"""Asphalt, from fresh and nearly black to worn and pale; some of it wet."""
import numpy as np

from ..colour import shaded
from ..textures.ground import asphalt
from ..textures.noise import grainy, soft


def paint(sample, rng):
    value = rng.uniform(32, 165)
    colour = np.maximum(value + rng.normal(size=3) * [6, 3, 7], 8)
    texture = (
        0.55 * sample(asphalt, rng.uniform(0.4, 1.6)) + 0.25 * sample(soft, rng.uniform(1, 3)) + 0.2 * sample(grainy)
    )
    if rng.random() < 0.08:  # puddles mirror the sky
        return shaded(np.clip(texture + 0.5 * (sample(soft, 2.0) > 0.6), 0, 1), colour * 0.7, 0.9), "wet"
    return shaded(texture, colour, rng.uniform(0.06, 0.7)), "dark" if value < 85 else "gray" if value < 140 else "none"
