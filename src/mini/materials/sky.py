"""Skies: blue, overcast, cloudy, at sunset, at night."""
import numpy as np

from ..textures.noise import clouds

_KINDS = ("blue", "overcast", "cloudy", "sunset", "dark")
_SHARES = (0.34, 0.3, 0.23, 0.09, 0.04)


def paint(sample, rng, kind=None):
    """kind: one of blue, overcast, cloudy, sunset, dark (night); drawn if not given."""
    kind = kind or str(rng.choice(_KINDS, p=_SHARES))
    height, width = sample.shape
    cover = sample(clouds, rng.uniform(1.2, 3.5))
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None, None] ** rng.uniform(0.6, 1.8)
    zenith, horizon = _gradient(rng, kind)
    sky = zenith + (horizon - zenith) * down
    if kind == "overcast":
        sky = sky * (1 + rng.uniform(0, 0.35) * (cover[..., None] - 0.5))
    else:
        sky = _clouded(sample, rng, kind, np.broadcast_to(sky, (height, width, 3)), cover, zenith)
    if kind != "dark" and rng.random() < 0.25:  # the sun, or where it stands behind the clouds
        y, x = np.mgrid[:height, :width]
        distance = (x - rng.uniform(0, width)) ** 2 + (y - rng.uniform(0, 1.1 * height)) ** 2
        glow = np.exp(-distance / (rng.uniform(0.1, 0.5) * width) ** 2)
        sky = sky + glow[..., None] * rng.uniform(30, 160) * np.array([1, 0.97, 0.85])
    return np.broadcast_to(np.clip(sky, 0, 255), (height, width, 3)).astype(np.float32), kind


def _gradient(rng, kind):
    """Colours at the top and at the horizon."""
    u = rng.uniform
    if kind == "blue":
        return np.array([u(50, 120), u(110, 165), u(185, 235)]), np.array([u(170, 225), u(195, 230), u(215, 250)])
    if kind == "overcast":
        top = u(195, 255) - np.array([u(0, 12), u(0, 6), 0])
        return top, np.minimum(top + u(-15, 25), 255)
    if kind == "cloudy":
        top = u(130, 210) - np.array([u(0, 30), u(0, 14), 0])
        return top, np.minimum(top + u(10, 70), 255)
    if kind == "sunset":
        return np.array([u(60, 150), u(70, 130), u(120, 190)]), np.array([u(225, 255), u(140, 200), u(80, 160)])
    top = np.array([u(4, 30), u(6, 34), u(18, 60)])
    return top, top * u(1.2, 2.5) + np.array([u(0, 25), u(0, 14), 0])  # the town's light above the horizon


def _clouded(sample, rng, kind, sky, cover, zenith):
    u = rng.uniform
    opacity = np.clip((cover - u(0.35, 0.75)) * u(2, 8), 0, 1)[..., None] * u(0.3, 1.0)
    colour = np.array([u(205, 255)] * 3) - np.array([u(0, 12), u(0, 8), 0])
    if kind == "cloudy" and rng.random() < 0.6:
        colour = zenith * u(0.55, 0.85)  # dark clouds before a bright sky
    elif kind == "dark":
        colour, opacity = zenith * 1.8, opacity * 0.4
    shade = 1 - u(0, 0.35) * np.clip(sample(clouds, u(0.8, 2.0)) - 0.35, 0, 1)[..., None]
    return sky * (1 - opacity) + colour * shade * opacity
