"""What scenes share: sky and light, surfaces laid with a material, things put one before another."""
import numpy as np

from ..light import Light, draw_light
from ..materials import MATERIALS, sky
from ..sampling import GroundSampler
from ..textures.noise import soft
from ..things.bicycle import put_bicycle
from ..things.car import put_car
from ..things.person import put_person
from ..things.pole import put_pole
from ..things.tree import put_bush, put_tree


def outdoors(canvas, horizon):
    """Paints the sky over all of the canvas and returns (light, sky [h, w, 3])."""
    rgb, kind = sky.paint(canvas.sampler(), canvas.rng)
    canvas.fill(np.ones((canvas.height, canvas.width), bool), rgb, "sky", kind)
    return draw_light(canvas.rng, rgb, horizon, kind), rgb


def even_light(rng, low=0.5, high=1.15):
    """Light without sky or haze."""
    return Light(rng.uniform(low, high), 0.0, np.zeros(3))


def lay(canvas, mask, name, light, sample, z=0.0):
    """Lays the material of a class (bool mask [h, w]); z: metres, a number or [h, w]."""
    rgb, attribute = MATERIALS[name](sample, canvas.rng)
    canvas.fill(mask, light.on(rgb, z), name, attribute)


def ground(canvas, camera, sharpness):
    """(sampler, x, z, below): the ground plane before the camera. sharpness: metres at which a texture has lost two
    thirds of its contrast; below: bool [h, w], rows under the horizon."""
    x, z = camera.ground(canvas.height, canvas.width)
    rows, _ = canvas.grid()
    return GroundSampler(canvas.bank, canvas.rng, x, z, np.exp(-z / sharpness)), x, z, rows > camera.horizon


def profile(canvas, scale):
    """A wavy line across the image: float32 [w] in 0..1."""
    return canvas.sampler(turn=0)(soft, scale)[0]


def put_outdoor_things(canvas, camera, things, light, bare=None):
    """things: (kind, x metres, z metres), drawn from far to near. kinds: car, tree, bush, person, bicycle, pole. bare:
    the share of bare trees, 0..1; drawn if not given."""
    rng, u = canvas.rng, canvas.rng.uniform
    bare = u(0, 1) if bare is None else bare
    parked = []
    for kind, x, z in sorted(things, key=lambda thing: -thing[2]):
        column, foot = camera.project(x, 0.0, z)
        if kind == "car":
            if all(abs(z - other_z) > 5.5 or abs(x - other_x) > 2.2 for other_x, other_z in parked):
                parked.append((x, z))
                along = rng.random() < 0.85
                heading = np.pi * rng.integers(2) + 0.08 * rng.normal() if along else u(0, 2 * np.pi)
                put_car(canvas, camera, x, z, heading, light)
        elif kind == "tree":
            put_tree(canvas, column, foot, camera.pixels(u(3.5, 14), z), light, z, bare=rng.random() < bare)
        elif kind == "bush":
            put_bush(canvas, column, foot, camera.pixels(u(0.6, 2.5), z), light, z)
        elif kind == "person":
            put_person(canvas, column, foot, camera.pixels(u(1.5, 1.9), z), light, z)
        elif kind == "bicycle":
            put_bicycle(canvas, column, foot, camera.pixels(1.05, z), light, z)
        elif kind == "pole":
            put_pole(canvas, column, foot, camera.pixels(u(2.2, 7), z), camera.pixels(u(0.06, 0.16), z), light, z)
        else:
            raise ValueError(f"there is no outdoor thing '{kind}'")
