"""Bicycles from the side; the label covers wheels and frame with what is seen between the spokes."""
import numpy as np

from ..colour import named
from ..sketch import Sketch


def put_bicycle(canvas, x, foot, height, light, z=5.0):
    """`height` pixels from the ground to the handlebars, 1.8 times as long."""
    rng = canvas.rng
    height = float(np.clip(height, 10, 400))
    name, colour = named(rng)
    colour, tyre = light.on(colour * rng.uniform(0.7, 1.1), z), light.on(np.array([25, 25, 25]), z)
    thick, radius = max(1.0, 0.035 * height), 0.32 * height
    mirror = rng.choice([-1, 1])
    sketch = Sketch(canvas)

    def at(across, up):
        return np.array([x + mirror * across * height, foot - up * height])

    rear, front, pedals, saddle, bars = at(-0.55, 0.33), at(0.55, 0.33), at(-0.05, 0.33), at(-0.18, 0.7), at(0.32, 0.75)
    around = np.linspace(0, 2 * np.pi, 25)
    for hub in (rear, front):
        rim = hub + radius * np.stack([np.cos(around), np.sin(around)], 1)
        sketch.polygon(rim, None, "bicycle")
        sketch.line(rim, tyre, thick, "bicycle")
        for angle in np.linspace(0, np.pi, 7)[:-1] if height > 60 else ():
            spoke = radius * np.array([np.cos(angle), np.sin(angle)])
            sketch.line([hub - spoke, hub + spoke], tyre * 0.5 + 60 * light.exposure, 1)
    for path in (
        (rear, saddle, pedals, rear),
        (saddle, bars, pedals),
        (bars, front),
        (bars, at(0.28, 0.95), at(0.42, 1.0)),
    ):
        sketch.line(path, colour, thick, "bicycle")
    sketch.line([saddle, at(-0.2, 0.8)], tyre, thick, "bicycle")
    sketch.line([at(-0.3, 0.82), at(-0.1, 0.8)], tyre, 2 * thick, "bicycle")
    sketch.polygon(np.array([rear, saddle, bars, front, pedals]), None, "bicycle")
    sketch.finish({"bicycle": ("bicycle", name)})
