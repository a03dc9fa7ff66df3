"""Samplers lay a square tileable texture of the bank over an image: sample(maker, scale) -> float32 [h, w] in 0..1.

scale 1 is one texel per pixel (flat) or 38 texels per metre (ground); larger is coarser."""
import cv2
import numpy as np

_LEAST_SCALE = 0.15  # finer than this is noise of the sampling


class FlatSampler:
    """Texture parallel to the image, turned by an angle of the sampler's choice: turn 0 keeps it upright."""

    def __init__(self, bank, rng, height, width, turn=0.2):
        self.bank, self.rng, self.shape, self.turn = bank, rng, (height, width), turn

    def __call__(self, maker, scale=1.0):
        texture = self.bank.pick(maker, self.rng)
        angle = self.rng.uniform(-self.turn, self.turn)
        scale = max(scale, _LEAST_SCALE)
        c, s = np.cos(angle) / scale, np.sin(angle) / scale
        x, y = self.rng.uniform(0, len(texture), 2)
        matrix = np.array([[c, -s, x], [s, c, y]], np.float32)
        height, width = self.shape
        return cv2.warpAffine(
            texture, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_WRAP
        )


class GroundSampler:
    """Texture lying in the ground plane. x, z: metres of each pixel's ground point, float32 [h, w]; contrast: 0..1 per
    pixel, how much of the texture is left at that distance (a lens does not resolve it further away)."""

    def __init__(self, bank, rng, x, z, contrast):
        self.bank, self.rng, self.shape = bank, rng, x.shape
        self.x, self.z, self.contrast = x, z, contrast

    def __call__(self, maker, scale=1.0):
        texture = self.bank.pick(maker, self.rng)
        per_metre = 38.0 / max(scale, _LEAST_SCALE)
        offset = self.rng.uniform(0, len(texture), 2)
        u, v = (self.x, self.z) if self.rng.random() < 0.5 else (self.z, self.x)
        # remap addresses up to 32,767 texels: the texture repeats, so the address may too.
        u = np.mod(u * per_metre + offset[0], len(texture)).astype(np.float32)
        v = np.mod(v * per_metre + offset[1], len(texture)).astype(np.float32)
        sampled = cv2.remap(texture, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        return 0.5 + (sampled - 0.5) * self.contrast
