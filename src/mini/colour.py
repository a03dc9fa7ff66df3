"""Colours: float RGB, 0..255, as a surface in plain daylight has them."""
import numpy as np

from .labels import COLOURS


def ramp(texture, dark, middle, light):
    """Texture [h, w] in 0..1 -> float32 [h, w, 3]: 0 is `dark`, 0.5 `middle`, 1 `light`, linear between."""
    stops = np.stack([np.asarray(c, np.float32) for c in (dark, middle, light)])
    at = np.linspace(0, 2, 256)
    table = np.stack([np.interp(at, np.arange(3), stops[:, c]) for c in range(3)], 1).astype(np.float32)
    return table[(np.clip(texture, 0, 1) * 255).astype(np.uint8)]


def shaded(texture, colour, contrast, gloss=1.0):
    """The colour, darker by `contrast` where the texture is 0 and lighter by gloss * contrast where it is 1."""
    colour = np.asarray(colour, np.float32)
    return ramp(texture, colour * (1 - contrast), colour, colour * (1 + gloss * contrast))


def one_of(rng, colours, jitter=10.0):
    """One of the colours, each channel and the whole moved by a normal deviate of `jitter`."""
    colour = np.asarray(colours[int(rng.integers(len(colours)))], float)
    return np.clip(colour + rng.normal(0, jitter, 3) + rng.normal(0, jitter), 0, 255)


def grey(rng, low, high, warm=0.0):
    """A grey of value low..high, towards yellow by up to `warm` (0..1)."""
    value = rng.uniform(low, high)
    return value * np.array([1.0, 1 - rng.uniform(0, 0.5) * warm, 1 - rng.uniform(0, 1) * warm])


def named(rng, names=None, weights=None):
    """(name, colour): one of COLOURS, or of `names` with `weights`, in one of the shades that bear the name."""
    names = list(names or COLOURS)
    name = str(rng.choice(names, p=None if weights is None else np.asarray(weights) / np.sum(weights)))
    return name, np.clip(np.array(COLOURS[name], float) * rng.uniform(0.8, 1.15) + rng.normal(0, 9, 3), 0, 255)


def plant_green(rng):
    """Fresh, dull or dark green, 0..255."""
    kind = rng.random()
    if kind < 0.55:
        return np.array([rng.uniform(45, 120), rng.uniform(85, 150), rng.uniform(20, 75)])
    if kind < 0.8:
        return np.array([rng.uniform(70, 120), rng.uniform(80, 115), rng.uniform(45, 75)])
    return np.array([rng.uniform(25, 60), rng.uniform(45, 80), rng.uniform(20, 45)])
