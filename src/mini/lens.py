"""From a painted canvas to the image that a camera takes: lamps at night, uneven gain, glare, a darker edge."""
import cv2
import numpy as np

from .textures.noise import grainy, pink, soft

_LARGEST_GLARE = 0.04  # of the width: lamps close by blind no more


def photograph(canvas):
    """uint8 RGB [h, w, 3]."""
    rng, u = canvas.rng, canvas.rng.uniform
    image = _lamps(canvas, canvas.image)
    if rng.random() < 0.7:  # 1/f over everything: no surface is perfectly flat
        gain = canvas.sampler()((grainy, pink, soft)[int(rng.integers(3))], u(0.5, 2.5))
        image = image * (1 + u(0.05, 0.45) * (gain[..., None] - 0.5))
    if rng.random() < 0.4:
        image = image + _glare(image, u(120, 210), u(1, 5)) * u(0.2, 1.0)
    if rng.random() < 0.3:
        y, x = np.linspace(-1, 1, canvas.height)[:, None], np.linspace(-1, 1, canvas.width)[None]
        image = image * (1 - u(0, 0.45) * (x**2 + y**2) / 2)[..., None]
    return np.clip(image, 0, 255).astype(np.uint8)


def _lamps(canvas, image):
    """Each lamp lights what is around its pool, and shines itself; lamps together light as the sum of their pools."""
    if not canvas.lamps:
        return image
    rows, columns = canvas.grid()
    largest = _LARGEST_GLARE * canvas.width
    lit, shine = np.zeros_like(image), np.zeros_like(image)
    for x, y, pool, glare, rgb in canvas.lamps:
        square = (columns - x) ** 2 + (rows - y) ** 2
        lit += np.exp(-square / max(pool, 1.0) ** 2)[..., None] * rgb
        if glare > 0:
            shine += 110 * np.exp(-square / min(glare, largest) ** 2)[..., None] * rgb
    return image * (1 + np.minimum(1.5 * lit, 3.0)) + shine


def _glare(image, threshold, blur):
    """Light that bright places spread."""
    height, width = image.shape[:2]
    small = cv2.resize(
        np.clip(image, 0, 255).astype(np.float32),
        (max(1, width // 8), max(1, height // 8)),
        interpolation=cv2.INTER_AREA,
    )
    return cv2.resize(cv2.GaussianBlur(np.maximum(small - threshold, 0), (0, 0), blur), (width, height))
