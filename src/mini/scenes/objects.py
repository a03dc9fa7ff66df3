"""Coloured things before a plain ground, some of them on a table."""
import numpy as np

from ..things.person import put_person
from ..things.solids import SOLIDS, put_solid
from .mosaic import material
from .setting import even_light

_BACKDROPS = ("wall", "grass", "sand", "cloth", "wood", "road", "sky", "snow", "pavement", "water", "rock", "floor")
_SUPPORTS = ("wood", "cloth", "grass", "sand", "road", "pavement", "floor")


def paint(canvas):
    rng, u = canvas.rng, canvas.rng.uniform
    rows, columns = canvas.grid()
    light = even_light(rng, 0.5, 1.1)
    name = str(rng.choice(_BACKDROPS))
    rgb, attribute = material(canvas, name)
    canvas.fill(np.ones((canvas.height, canvas.width), bool), light.on(rgb), name, attribute)
    if rng.random() < 0.5:
        name = str(rng.choice(_SUPPORTS))
        rgb, attribute = material(canvas, name)
        edge = canvas.height * u(0.4, 0.8) + u(-0.1, 0.1) * (columns - canvas.width / 2)
        canvas.fill(rows > edge, light.on(rgb), "table" if name == "wood" and rng.random() < 0.6 else name, attribute)
    for _ in range(int(rng.integers(1, 8))):
        put_solid(
            canvas,
            str(rng.choice(SOLIDS)),
            u(0.05, 0.95) * canvas.width,
            u(0.2, 0.95) * canvas.height,
            u(14, 80),
            light,
        )
    if rng.random() < 0.2:
        put_person(canvas, u(0, 1) * canvas.width, u(0.8, 1.2) * canvas.height, u(0.5, 1.0) * canvas.height, light)
