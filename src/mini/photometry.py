"""What cameras and files do to an image: blur, colour, light, tone, noise, compression."""
import cv2
import numpy as np

_NOISE_SIDE = 320  # pixels: crops are smaller
_NOISE = []  # made when first needed, the same in every process


def as_photographed(image, rng, strength):
    """uint8 RGB [n, n, 3], n < _NOISE_SIDE, to the same. strength: 0..1."""
    x = _tinted(_focused(image, rng), rng)
    x = _lit(x, rng, strength)
    x = _toned(np.clip(x, 0, 255).astype(np.uint8), rng, strength)
    x = _noisy(x, rng, strength)
    if rng.random() < 0.35:
        quality = int(rng.uniform(25, 92))
        x = cv2.imdecode(cv2.imencode(".jpg", x, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
    return x


def _focused(x, rng):
    """Smaller and back, blurred, or sharpened by the camera."""
    side = len(x)
    if rng.random() < 0.2:
        small = int(side * rng.uniform(0.4, 0.9))
        return cv2.resize(
            cv2.resize(x, (small, small), interpolation=cv2.INTER_AREA), (side, side), interpolation=cv2.INTER_LINEAR
        )
    if rng.random() < 0.4:
        return cv2.GaussianBlur(x, (0, 0), rng.uniform(0.3, 1.5))
    if rng.random() < 0.25:
        return np.clip(1.8 * x.astype(np.float32) - 0.8 * cv2.GaussianBlur(x, (0, 0), 1.2), 0, 255).astype(np.uint8)
    return x


def _tinted(x, rng):
    """Less or more saturated; one in twelve grey."""
    x = x.astype(np.float32)
    saturation = 0.0 if rng.random() < 0.08 else rng.uniform(0.0, 1.3) if rng.random() < 0.6 else 1.0
    grey = (x @ np.array([0.3, 0.59, 0.11], np.float32))[..., None]
    return grey + (x - grey) * saturation


def _lit(x, rng, strength):
    """Uneven light."""
    if rng.random() >= 0.35:
        return x
    field = np.exp(rng.normal(0, 0.35 * strength, (4, 4))).astype(np.float32)
    return x * cv2.resize(field, (x.shape[1], x.shape[0]), interpolation=cv2.INTER_CUBIC)[..., None]


def _toned(x, rng, strength):
    """Gamma, gain, cast and offset by channel, sometimes very dark, sometimes with a contrasty curve."""
    t = np.arange(256) / 255
    gamma, gain, offset = (
        np.exp(rng.normal(0, 0.33 * strength)),
        np.exp(rng.normal(0, 0.28 * strength)),
        rng.normal(0, 0.05),
    )
    contrasty = rng.random() < 0.3
    if rng.random() < 0.2:
        gamma *= rng.uniform(1.3, 2.3)
    table = np.empty((256, 1, 3), np.float32)
    for channel in range(3):
        value = t ** (gamma * np.exp(rng.normal(0, 0.05))) * gain * np.exp(rng.normal(0, 0.07 * strength)) + offset
        table[:, 0, channel] = value * (0.6 + 0.8 * np.sqrt(np.clip(value, 0, 1))) if contrasty else value
    return cv2.LUT(x, (np.clip(table, 0, 1) * 255).astype(np.uint8))


def _noisy(x, rng, strength):
    if rng.random() >= 0.6:
        return x
    if not _NOISE:
        _NOISE.append(np.random.default_rng(5).normal(0, 1, (8, _NOISE_SIDE, _NOISE_SIDE, 3)).astype(np.float32))
    top, left = rng.integers(0, _NOISE_SIDE - len(x) + 1, 2)
    noise = _NOISE[0][int(rng.integers(8)), top : top + len(x), left : left + x.shape[1]]
    deviation = rng.uniform(0.5, 10) * strength
    noise = noise if rng.random() < 0.6 else noise[..., :1]
    return np.clip(x + deviation * noise, 0, 255).astype(np.uint8)
