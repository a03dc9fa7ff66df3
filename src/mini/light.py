"""The light of a scene: how bright what stands on the ground is, and the haze between it and the camera."""
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Light:
    exposure: float  # 0.05..1.2: brightness of daylight colours; far below 1 before a bright sky, lowest at night
    haze: float  # per metre, 0..0.04
    air: np.ndarray  # RGB of the haze: the sky's at the horizon
    night: bool = False

    def veil(self, z):
        """Share of what is seen at distance z (metres) that is haze, 0..1."""
        return 1 - np.exp(-self.haze * np.asarray(z, np.float32))

    def on(self, rgb, z=0.0):
        """Daylight colours [..., 3] as the camera sees them at distance z (a number, or an array [...])."""
        veil = self.veil(z)
        veil = veil[..., None] if veil.ndim else veil
        return np.asarray(rgb, np.float32) * self.exposure * (1 - veil) + self.air * veil


def draw_light(rng, sky, horizon, sky_kind):
    """A light that goes with the sky [h, w, 3] painted already. Half of all daylight scenes are under-exposed on the
    ground, as photographs against a bright sky are."""
    air = np.clip(sky[int(np.clip(horizon - 2, 0, len(sky) - 1))].mean(0) * rng.uniform(0.8, 1.0), 0, 255)
    clearness = rng.random()
    haze = rng.uniform(0, 0.006) if clearness < 0.75 else rng.uniform(0.006, 0.015 if clearness < 0.95 else 0.04)
    if sky_kind == "dark":
        return Light(rng.uniform(0.06, 0.28), haze, air, night=True)
    if sky_kind == "sunset":
        return Light(rng.uniform(0.12, 0.6), haze, air)
    return Light(rng.uniform(0.75, 1.15) * (1.0 if rng.random() < 0.48 else rng.uniform(0.14, 0.8)), haze, air)
