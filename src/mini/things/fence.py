"""Fences and railings between two points of the ground; what is seen between the bars belongs to the fence."""
import numpy as np

from ..colour import one_of
from ..sketch import Sketch

_COLOURS = ((40, 42, 42), (90, 70, 50), (200, 200, 200), (120, 120, 120))


def put_fence(canvas, feet, heights, light, z=10.0):
    """feet [2, 2]: both ends on the ground, pixels; heights: of both ends, pixels."""
    rng = canvas.rng
    feet, heights = np.asarray(feet, float), np.asarray(heights, float)
    colour = one_of(rng, _COLOURS, 8)
    closed = rng.random() < 0.3  # boards
    sketch = Sketch(canvas)
    outline = np.array([feet[0], feet[1], feet[1] - [0, heights[1]], feet[0] - [0, heights[0]]])
    sketch.polygon(outline, light.on(colour, z) if closed else None, "fence")
    for t in np.linspace(0, 1, int(rng.integers(12, 40))):
        foot, height = feet[0] + t * (feet[1] - feet[0]), heights[0] + t * (heights[1] - heights[0])
        sketch.line([foot, foot - [0, height]], light.on(colour * (0.7 if closed else 1), z), 0.03 * height)
    for up in (0.1, 0.95) if rng.random() < 0.6 else (0.3, 0.6, 0.95):
        rail = [feet[0] - [0, up * heights[0]], feet[1] - [0, up * heights[1]]]
        sketch.line(rail, light.on(colour, z), 0.02 * heights.sum())
    sketch.finish({"fence": ("fence", "none")})
