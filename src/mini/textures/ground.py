"""Loose and poured ground: asphalt, rippled sand, rock, water."""
import cv2
import numpy as np

from .noise import SIZE, normalised, power_noise


def asphalt(rng, bank):
    """Grain and large stains; in some, cracks."""
    grain = power_noise(rng, rng.uniform(0, 0.5))
    stains = power_noise(rng, 1.7, float(rng.choice([1.0, 0.3, 3.0])))
    image = (np.clip(0.55 * grain + 0.45 * stains, 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.4:
        for _ in range(int(rng.integers(1, 5))):
            heading = rng.uniform(0, 2 * np.pi) + np.cumsum(0.5 * rng.normal(size=40))
            path = rng.random(2) * SIZE + np.cumsum(12 * np.stack([np.cos(heading), np.sin(heading)], 1), 0)
            cv2.polylines(image, [path.astype(np.int32)], False, int(rng.integers(20, 80)), 1)
    return image.astype(np.float32) / 255


def ripples(rng, bank):
    bend = power_noise(rng, 2.0)
    y = np.arange(SIZE)[:, None] / SIZE
    waves = 0.1 * rng.random() * np.sin(2 * np.pi * y * int(rng.integers(10, 40)) + 10 * bend)
    image = 0.5 + waves + 0.35 * (power_noise(rng, 0.2) - 0.5) + 0.3 * (power_noise(rng, 1.8) - 0.5)
    return np.clip(image, 0, 1).astype(np.float32)


def _ridged(noise):
    """Creases where the noise crosses its mean."""
    return 1 - np.abs(2 * noise - 1)


def rock_face(rng, bank):
    layers = power_noise(rng, 1.2, float(rng.choice([0.5, 1.0, 2.5])))
    return normalised(0.7 * _ridged(power_noise(rng, 1.5)) + 0.6 * layers, 0.22)


def waves(rng, bank):
    crests = _ridged(power_noise(rng, 1.2, 1 / rng.uniform(3, 8)))
    return normalised(0.6 * crests + 0.5 * power_noise(rng, 1.6, 0.25))
