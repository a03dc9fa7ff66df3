"""Patches of materials side by side, without any layout: what a surface is must be told by its texture."""
import numpy as np

from ..camera import Camera
from ..materials import GROUND, MATERIALS
from ..sampling import GroundSampler
from ..textures.noise import soft
from ..things.car import put_car
from ..things.person import put_person
from ..things.tree import put_tree
from .setting import even_light

# Class -> how often, relative to the others.
_SHARES = {
    "sky": 1.0,
    "building": 2.2,
    "road": 1.5,
    "pavement": 1.5,
    "tree": 2.0,
    "grass": 1.2,
    "water": 1.2,
    "sand": 1.0,
    "snow": 1.0,
    "rock": 1.0,
    "mountain": 0.5,
    "wood": 0.8,
    "dirt": 0.8,
    "wall": 0.9,
    "cloth": 0.9,
    "floor": 0.6,
}


def material(canvas, name):
    """A material over the whole canvas, flat or, for grounds, often in perspective: (RGB [h, w, 3], attribute)."""
    rng, u = canvas.rng, canvas.rng.uniform
    if name in GROUND and rng.random() < 0.6:
        camera = Camera(canvas.width, u(1, 3), canvas.width * u(0, 1), -canvas.height * u(0.1, 1.5))
        x, z = camera.ground(canvas.height, canvas.width)
        return MATERIALS[name](GroundSampler(canvas.bank, rng, x, z, np.ones_like(x)), rng)
    return MATERIALS[name](canvas.sampler(turn=0.0 if name in ("building", "wall") else np.pi), rng)


def paint(canvas):
    rng, u = canvas.rng, canvas.rng.uniform
    rows, columns = canvas.grid()
    light = even_light(rng, 0.4, 1.15)
    bend = u(0, 60)
    x, y = columns + bend * (canvas.sampler()(soft, 2.0) - 0.5), rows + bend * (canvas.sampler()(soft, 2.0) - 0.5)
    centres = rng.random((int(rng.integers(2, 7)), 2)) * [canvas.width, canvas.height]
    cell = np.stack([(x - cx) ** 2 + (y - cy) ** 2 for cx, cy in centres]).argmin(0)
    shares = np.array(list(_SHARES.values())) / sum(_SHARES.values())
    for i in range(len(centres)):
        name = str(rng.choice(list(_SHARES), p=shares))
        rgb, attribute = material(canvas, name)
        canvas.fill(cell == i, light.on(rgb * u(0.7, 1.2)), name, attribute)
    if rng.random() < 0.4:
        camera = Camera(canvas.width, 1.6, canvas.width / 2, canvas.height * u(0.1, 0.5))
        for far in sorted(u(4, 14, int(rng.integers(1, 3))), reverse=True):
            put_car(canvas, camera, u(-0.4, 0.4) * far, far, u(0, 2 * np.pi), light)
    if rng.random() < 0.3:
        put_tree(canvas, u(0, 1) * canvas.width, u(0.5, 1.2) * canvas.height, u(0.3, 1.2) * canvas.height, light)
    for _ in range(int(rng.integers(1, 4)) if rng.random() < 0.3 else 0):
        put_person(canvas, u(0, 1) * canvas.width, u(0.5, 1.1) * canvas.height, u(0.25, 1.0) * canvas.height, light)
