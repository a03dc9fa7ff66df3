"""The bonnet of the car that carries the camera, at the foot of the image: dark or bright paint that mirrors the
sky."""
import cv2
import numpy as np

from ..colour import named
from ..sampling import FlatSampler
from ..textures.noise import smooth

_PAINTS = ("black", "gray", "white", "blue", "red")


def put_bonnet(canvas, light):
    rng, u = canvas.rng, canvas.rng.uniform
    height, width = canvas.height, canvas.width
    rise, middle, half = height * u(0.02, 0.07), width * u(0.3, 0.7), width * u(0.35, 0.9)
    columns = np.arange(width)
    edge = height - rise * np.clip(1 - np.abs((columns - middle) / half) ** u(2.0, 5.0), 0, 1)
    rows, _ = canvas.grid()
    depth = rows + 0.5 - edge[None]  # below the edge, pixels

    paint, colour = named(rng, _PAINTS)
    sky = canvas.image[: max(1, height // 3)].mean((0, 1))
    sheen = np.exp(
        -np.maximum(depth, 0) / max(1.0, rise * u(0.1, 0.6))
    )  # flat towards its far edge, where it mirrors most
    wavy = FlatSampler(canvas.bank, rng, height, width)(smooth, u(0.6, 2))
    mirrored = u(0.0, 0.9) * (sheen * (0.5 + wavy))[..., None]
    rgb = light.on(colour * 0.8) * (1 - np.minimum(mirrored, 1)) + sky * mirrored
    opacity = cv2.GaussianBlur((depth > 0).astype(np.float32), (0, 0), u(0.5, 1.2))[..., None]
    canvas.image += opacity * (rgb.astype(np.float32) - canvas.image)
    canvas.label(depth > 0, "car", paint)
