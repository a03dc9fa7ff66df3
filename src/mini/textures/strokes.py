"""Textures of many small strokes, drawn one over another: leaves and blades of grass."""
import cv2
import numpy as np

from .noise import SIZE, normalised, power_noise

_MARGIN = 24  # pixels, more than any stroke is long


def _scatter(rng, count, background, stroke):
    """Calls stroke(image, x, y, brightness) `count` times; what crosses an edge comes in again on the other side."""
    image = np.full((SIZE + 2 * _MARGIN,) * 2, int(255 * background), np.uint8)
    relief = power_noise(rng, 1.6)
    for x, y in rng.integers(0, SIZE, (count, 2)):
        brightness = float(np.clip(0.62 * relief[y, x] + 0.38 * rng.random() + 0.07 * rng.normal(), 0, 1))
        draw = stroke(brightness)
        for dx in (-SIZE, 0, SIZE):
            for dy in (-SIZE, 0, SIZE):
                cx, cy = int(x) + dx + _MARGIN, int(y) + dy + _MARGIN
                if 0 <= cx < len(image) and 0 <= cy < len(image):
                    draw(image, cx, cy)
    return normalised(image[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN] / 255.0, 0.22)


def leaves(rng, bank):
    largest = rng.uniform(3, 8)

    def stroke(brightness):
        radius = 1 + (largest - 1) * rng.random() ** 2.5
        axes = max(1, int(radius)), max(1, int(radius * rng.uniform(0.3, 0.8)))
        angle = rng.uniform(0, 180)
        return lambda image, x, y: cv2.ellipse(image, (x, y), axes, angle, 0, 360, int(255 * brightness), -1)

    return _scatter(rng, int(rng.integers(2500, 4500)), 0.2, stroke)


def blades(rng, bank):
    def stroke(brightness):
        length, angle, width = rng.uniform(4, 14), np.pi / 2 + 0.45 * rng.normal(), int(rng.integers(1, 3))
        dx, dy = int(length * np.cos(angle)), int(-length * np.sin(angle))
        return lambda image, x, y: cv2.line(image, (x, y), (x + dx, y + dy), int(255 * brightness), width)

    return _scatter(rng, 5000, 0.35, stroke)
