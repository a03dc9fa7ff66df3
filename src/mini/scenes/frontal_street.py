"""A street seen across: houses straight on, pavement and road as bands before them."""
import numpy as np

from ..camera import Camera
from ..things.car import put_car
from ..things.houses import put_house
from .setting import ground, lay, outdoors, profile, put_outdoor_things


def paint(canvas):
    rng, u = canvas.rng, canvas.rng.uniform
    height, width = canvas.height, canvas.width
    camera = Camera(width * u(0.7, 1.5), u(1.3, 2.0), width / 2, height * u(0.35, 0.7))
    light, _ = outdoors(canvas, camera.horizon)
    sample, x, z, below = ground(canvas, camera, 30.0)
    rows, _ = canvas.grid()
    if rng.random() < 0.3:
        line = camera.horizon - height * u(0.05, 0.3) * profile(canvas, 1.0)
        lay(canvas, (rows > line) & (rows < camera.horizon + 2), "tree", light, canvas.sampler(), 60.0)
    houses = u(8, 30)
    pavement = houses - u(0, 2)
    road = pavement - u(1.5, 4)
    lay(canvas, below, str(rng.choice(["grass", "pavement", "dirt", "sand"], p=[0.4, 0.4, 0.1, 0.1])), light, sample, z)
    lay(canvas, below & (z < pavement) & (z >= road), "pavement", light, sample, z)
    on_road = below & (z < road) & (z > u(1.5, 4))
    lay(canvas, on_road, "road", light, sample, z)
    if rng.random() < 0.6:
        marks = on_road & (np.abs(z - u(0.4, 0.8) * road) < 0.08) & ((x / u(2, 5)) % 1 < 0.6)
        canvas.image[marks] = light.on(np.array([225.0, 225, 225]), houses)
    if rng.random() < 0.85:
        column, foot = -u(0, 80), camera.project(0, 0, houses)[1]
        while column < width:
            column += put_house(canvas, column, foot, camera.pixels(u(12, 25), houses), light, houses)
            column += u(5, 60) if rng.random() < 0.25 else 0
    for _ in range(int(rng.integers(0, 4))):  # they cross the image
        far = max(u(0.3, 0.95) * road, 7.0)
        put_car(canvas, camera, u(-0.5, 0.5) * far, far, np.pi / 2 * rng.choice([-1, 1]) + 0.15 * rng.normal(), light)
    kinds = rng.choice(
        ["tree", "person", "pole", "bicycle", "bush"], int(rng.integers(1, 7)), p=[0.3, 0.3, 0.2, 0.1, 0.1]
    )
    distances = u(2.5, houses, len(kinds))
    things = [(str(kind), u(-0.6, 0.6) * far, far) for kind, far in zip(kinds, distances)]
    put_outdoor_things(canvas, camera, things, light)
