"""A pinhole camera above flat ground, level: the horizon is a row of the image.

Metres: x to the right, y up from the ground, z away from the camera. Pixels: x to the right, y down."""
from dataclasses import dataclass

import numpy as np

_NEAREST = 0.6  # metres; what is closer is drawn as if it were there


@dataclass(frozen=True)
class Camera:
    focal: float  # pixels
    height: float  # metres above the ground
    centre: float  # column of the vanishing point, pixels
    horizon: float  # row, pixels

    def project(self, x, y, z):
        """Points in metres -> float [..., 2] of pixels."""
        z = np.maximum(z, _NEAREST)
        return np.stack(
            np.broadcast_arrays(self.centre + self.focal * x / z, self.horizon + self.focal * (self.height - y) / z), -1
        )

    def pixels(self, metres, z):
        """How many pixels a length of `metres` has at distance z."""
        return self.focal * metres / max(z, _NEAREST)

    def ground(self, height, width):
        """Metres (x, z) of the ground point under each pixel, float32 [h, w]; rows above the horizon lie far away."""
        rows, columns = np.mgrid[:height, :width].astype(np.float32)
        z = self.focal * self.height / np.maximum(rows - self.horizon, 0.5)
        return ((columns - self.centre) * z / self.focal).astype(np.float32), z.astype(np.float32)
