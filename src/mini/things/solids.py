"""Simple coloured things: balls, rings, stars, cones, boxes and pieces of cloth."""
import cv2
import numpy as np

from ..colour import named
from ..patterns import pattern
from ..textures.made import weave
from .shadow import put_shadow

SOLIDS = ("ball", "ring", "star", "cone", "box", "cloth")
_LEAST = 20  # pixels; less of a thing is not drawn


def put_solid(canvas, kind, x, y, size, light):
    """kind: one of SOLIDS, `size` pixels from its middle (x, y) to its edge."""
    rng = canvas.rng
    name, colour = named(rng)
    rows, columns = canvas.grid()
    across, down = (columns - x) / size, (rows - y) / size
    if kind == "cloth":
        mask = _polygon(canvas, [(-1, -1), (1, -1), (1, 1), (-1, 1)] + rng.normal(0, 0.2, (4, 2)), x, y, size)
        rgb, name = pattern(rng, canvas.sampler()(weave, rng.uniform(0.4, 1.0)))
    else:
        mask, rgb = _DRAW[kind](canvas, colour, across, down, x, y, size)
    if mask.sum() < _LEAST:
        return
    if kind != "cloth":
        foot = np.array([(-0.8, 0.6), (1.2, 0.6), (1.2, 1.1), (-0.8, 1.1)]) * size + [x, y]
        put_shadow(canvas, foot, 0.4 * size, rng.uniform(0.2, 0.7))
    canvas.fill(mask, light.on(rgb), kind, name)


def _polygon(canvas, corners, x, y, size):
    mask = np.zeros((canvas.height, canvas.width), np.uint8)
    cv2.fillPoly(mask, [np.round(np.asarray(corners) * size + [x, y]).astype(np.int32)], 255)
    return mask > 0


def _ball(canvas, colour, across, down, x, y, size):
    rng = canvas.rng
    towards = np.sqrt(np.clip(1 - across**2 - down**2, 0, 1))
    lit = np.clip(across * rng.uniform(-0.6, 0.6) + down * rng.uniform(-0.8, -0.2) + 0.7 * towards, 0, 1.2)[..., None]
    gloss = 150 * np.clip(lit, 0, 1) ** 30 * rng.random()
    return across**2 + down**2 < 1, colour * (0.25 + 0.85 * lit) + gloss


def _ring(canvas, colour, across, down, x, y, size):
    distance = np.hypot(across, down / canvas.rng.uniform(0.5, 1))
    return (distance < 1) & (distance > 0.6), colour * (1 - 1.6 * np.abs(distance - 0.8))[..., None]


def _star(canvas, colour, across, down, x, y, size):
    angle = np.linspace(0, 2 * np.pi, 10, endpoint=False) + canvas.rng.uniform(0, 6)
    reach = np.where(np.arange(10) % 2, 0.45, 1.0)
    corners = np.stack([reach * np.cos(angle), reach * np.sin(angle)], 1)
    return _polygon(canvas, corners, x, y, size), colour * (1 + canvas.rng.uniform(-0.3, 0.3) * across[..., None])


def _cone(canvas, colour, across, down, x, y, size):
    mask = (np.abs(across) < 0.3 * (down + 1)) & (np.abs(down) < 1)
    turned = across / np.maximum(0.3 * (down + 1), 0.05)
    rgb = colour * (0.6 + 0.5 * np.cos(1.2 * np.clip(turned, -2, 2) - 0.5))[..., None]
    striped = canvas.rng.random() < 0.3
    return mask, np.where((((down + 1) * 2) % 1 < 0.4)[..., None], 235.0, rgb) if striped else rgb


def _box(canvas, colour, across, down, x, y, size):
    faces = (
        (1.0, [(-0.8, -0.5), (0.2, -0.3), (0.2, 0.9), (-0.8, 0.7)]),
        (0.65, [(0.2, -0.3), (0.9, -0.55), (0.9, 0.6), (0.2, 0.9)]),
        (1.2, [(-0.8, -0.5), (0.2, -0.3), (0.9, -0.55), (-0.1, -0.75)]),
    )
    mask, rgb = np.zeros(across.shape, bool), np.zeros((*across.shape, 3))
    for shade, corners in faces:
        face = _polygon(canvas, corners, x, y, size)
        rgb[face] = colour * shade
        mask |= face
    return mask, rgb


_DRAW = {"ball": _ball, "ring": _ring, "star": _star, "cone": _cone, "box": _box}
