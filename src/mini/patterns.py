"""Two-coloured patterns of cloth and paint."""
import numpy as np

from .colour import named


def pattern(rng, texture):
    """texture [h, w] in 0..1 -> (float32 [h, w, 3], attribute): one colour, stripes, checks or dots, shaded by it."""
    height, width = texture.shape
    name, first = named(rng)
    _, second = named(rng)
    if np.abs(first - second).sum() < 120:
        second = 255 - second
    angle, period = rng.uniform(0, np.pi), rng.uniform(10, 50)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    u = (x * np.cos(angle) + y * np.sin(angle)) / period
    v = (y * np.cos(angle) - x * np.sin(angle)) / period
    kind = rng.random()
    if kind < 0.3:
        chosen, name = u % 1 < rng.uniform(0.3, 0.7), "striped"
    elif kind < 0.5:
        chosen, name = (np.floor(u) + np.floor(v)) % 2 < 1, "checkered"
    elif kind < 0.65:
        chosen, name = np.hypot(u % 1 - 0.5, v % 1 - 0.5) < rng.uniform(0.2, 0.4), "dotted"
    else:
        chosen = np.ones((height, width), bool)
    shade = 1 + rng.uniform(0.3, 1.0) * (texture[..., None] - 0.5)
    return np.where(chosen[..., None], first, second).astype(np.float32) * shade, name
