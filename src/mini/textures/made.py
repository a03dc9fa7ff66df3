"""Made surfaces: wood grain and woven cloth."""
import numpy as np

from .noise import SIZE, normalised, power_noise


def wood_grain(rng, bank):
    """Grain runs downwards; half of them are sawn into boards."""
    grain = power_noise(rng, 1.3, 16.0 if rng.random() < 0.8 else 7.0)
    rings = np.sin(2 * np.pi * np.arange(SIZE)[None, :] / SIZE * int(rng.integers(4, 12)) + 8 * power_noise(rng, 2.0))
    image = normalised(0.7 * grain + 0.15 * rings)
    if rng.random() < 0.6:
        board = int(rng.choice([32, 64, 128]))
        boards = np.arange(SIZE) // board
        image = image + 0.1 * rng.normal(size=SIZE // board)[boards] - 0.3 * (np.arange(SIZE) % board < 3)
    return np.clip(image, 0, 1).astype(np.float32)


def weave(rng, bank):
    pitch = int(rng.choice([4, 8, 16]))
    y, x = np.mgrid[:SIZE, :SIZE] * (2 * np.pi / pitch)
    image = 0.5 + 0.12 * np.sin(x) * np.sin(y)
    image = image + 0.2 * (power_noise(rng, 0.6) - 0.5) + 0.5 * (power_noise(rng, 2.2) - 0.5)
    return np.clip(image, 0, 1).astype(np.float32)
