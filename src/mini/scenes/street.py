"""A street seen along: road, kerbs and pavements in perspective, houses, trees or verges on its sides, traffic."""
import numpy as np

from ..camera import Camera
from ..sampling import GroundSampler
from ..textures.noise import soft
from ..things.bonnet import put_bonnet
from ..things.fence import put_fence
from ..things.houses import put_house, put_row
from .setting import ground, lay, outdoors, profile, put_outdoor_things


def paint(canvas):
    rng, u = canvas.rng, canvas.rng.uniform
    height, width = canvas.height, canvas.width
    camera = Camera(width * u(0.7, 1.5), u(1.2, 2.4), width * u(0.3, 0.7), height * u(0.3, 0.6))
    light, _ = outdoors(canvas, camera.horizon)
    _, x, z, below = ground(canvas, camera, 1.0)
    curve = 0.004 * rng.normal() if rng.random() < 0.3 else 0.0
    x = (x - curve * np.minimum(z, 80) ** 2).astype(np.float32)
    sample = GroundSampler(canvas.bank, rng, x, z, np.exp(-z / u(15, 45)))
    left, right = -u(2, 7) + u(-1, 1), u(2, 7)
    pavements = [u(1.2, 4.5) if rng.random() < 0.85 else 0.0 for _ in range(2)]

    _background(canvas, camera, light)
    verge = str(rng.choice(["grass", "pavement", "dirt", "snow"], p=[0.5, 0.32, 0.13, 0.05]))
    lay(canvas, below, verge, light, sample, z)
    for wide, edge, side in zip(pavements, (left, right), (-1, 1)):
        if wide:
            lay(canvas, below & ((x - edge) * side > 0) & ((x - edge) * side < wide), "pavement", light, sample, z)
    on_road = below & (x > left) & (x < right)
    lay(canvas, on_road, "road", light, sample, z)
    _kerbs(canvas, light, below, x, z, left, right)
    _lane_marks(canvas, light, on_road, x, z, left, right)

    built = rng.random()
    for side, edge, wide in rng.permutation(np.array([(-1, left, pavements[0]), (1, right, pavements[1])])):
        if built < 0.55 or built < 0.8 and side == 1:
            put_row(canvas, camera, edge + side * (wide + u(0, 5)), u(2, 12), u(35, 90), light)
        elif rng.random() < 0.35:
            _put_boundary(canvas, camera, edge + side * (wide + 0.3), light)
    _shadows(canvas, below, x, z)
    things = _things(rng, left, right, pavements)
    put_outdoor_things(canvas, camera, [(kind, at + curve * min(far, 80) ** 2, far) for kind, at, far in things], light)
    if rng.random() < 0.12:
        put_bonnet(canvas, light)


def _background(canvas, camera, light):
    """What closes the street at its end: woods, houses, or nothing."""
    rng, u = canvas.rng, canvas.rng.uniform
    rows, _ = canvas.grid()
    if rng.random() < 0.4:
        line = camera.horizon - canvas.height * u(0.03, 0.25) * profile(canvas, u(0.6, 2))
        lay(canvas, (rows > line) & (rows < camera.horizon + 2), "tree", light, canvas.sampler(), u(30, 90))
    if rng.random() < 0.4:
        z, column = u(35, 90), -u(0, 60)
        while column < canvas.width:
            foot = camera.project(0, 0, z)[1]
            column += put_house(canvas, column, foot, camera.pixels(u(10, 22), z), light, z) + (
                u(2, 40) if rng.random() < 0.3 else 0
            )


def _kerbs(canvas, light, below, x, z, left, right):
    if canvas.rng.random() < 0.7:
        tone = light.on(np.full((*x.shape, 3), canvas.rng.uniform(110, 200)), z)
        kerb = below & (np.minimum(np.abs(x - left), np.abs(x - right)) < 0.09)
        canvas.fill(kerb, tone, "pavement", "stone")


def _lane_marks(canvas, light, on_road, x, z, left, right):
    """Paint does not change the label."""
    rng, u = canvas.rng, canvas.rng.uniform
    paint = light.on(np.full((*x.shape, 3), u(170, 240)) * ([1, 0.9, 0.4] if rng.random() < 0.1 else [1, 1, 1]), z)
    marks = np.zeros_like(on_road)
    if rng.random() < 0.65:
        period = u(3, 9)
        marks |= (np.abs(x - (left + right) / 2) < 0.07) & ((z % period < 0.6 * period) | (rng.random() < 0.3))
    if rng.random() < 0.4:
        marks |= np.minimum(np.abs(x - left - 0.5), np.abs(x - right + 0.5)) < 0.07
    if rng.random() < 0.15:  # a crossing
        near = u(4, 14)
        marks |= (z > near) & (z < near + 3) & (x % 1.0 < 0.5)
    worn = canvas.sampler()(soft, 0.6) > u(0.1, 0.4)
    canvas.image[on_road & marks & worn] = paint[on_road & marks & worn]


def _put_boundary(canvas, camera, x, light):
    u = canvas.rng.uniform
    near, far, tall = u(2.5, 8), u(15, 60), u(0.8, 2.0)
    feet = [camera.project(x, 0, z) for z in (near, far)]
    put_fence(canvas, feet, [camera.pixels(tall, z) for z in (near, far)], light, near)


def _shadows(canvas, below, x, z):
    """Of what stands outside of the image: blots of trees, or all of one side."""
    rng, u = canvas.rng, canvas.rng.uniform
    if rng.random() < 0.4:
        blots = GroundSampler(canvas.bank, rng, x, z, np.exp(-z / 30))(soft, u(3, 9))
        shade = u(0.25, 0.6) * np.clip(12 * (blots - u(0.4, 0.6)), 0, 1)
        canvas.image[below] *= (1 - shade)[below][:, None]
    if rng.random() < 0.25:
        side = below & ((x - u(-4, 4)) * rng.choice([-1, 1]) > 0)
        canvas.image[side] *= u(0.4, 0.8)


def _things(rng, left, right, pavements):
    """(kind, x, z), metres."""
    u = rng.uniform

    def beside(reach):
        return left - u(0.3, pavements[0] + reach) if rng.random() < 0.5 else right + u(0.3, pavements[1] + reach)

    trees = int(rng.integers(0, 4) if rng.random() < 0.4 else rng.integers(3, 14))
    things = [("bush" if rng.random() < 0.2 else "tree", beside(8), u(4, 60)) for _ in range(trees)]
    if rng.random() < 0.25:
        things += _row(rng, "tree", left - u(0.3, pavements[0] + 4), (5, 10)) + _row(
            rng, "tree", right + u(0.3, pavements[1] + 4), (5, 10)
        )
    for _ in range(int(rng.integers(0, 9))):
        place = rng.random()
        x = left + u(0.9, 1.3) if place < 0.4 else right - u(0.9, 1.3) if place < 0.8 else u(left + 1, right - 1)
        things.append(("car", x, u(4, 45)))
    for kerb in (left + 1.1, right - 1.1):
        if rng.random() < 0.25:
            things += _row(rng, "car", kerb, (5.6, 7.5))
    if rng.random() < 0.3:  # the one that the camera follows
        things.append(("car", u(left + 1, right - 1), u(4.5, 12)))
    things += [
        ("bicycle" if rng.random() < 0.15 else "person", beside(0.5), u(4, 35)) for _ in range(int(rng.integers(0, 7)))
    ]
    things += [("pole", beside(0.5), u(4, 50)) for _ in range(int(rng.integers(0, 5)))]
    return things


def _row(rng, kind, x, gaps):
    """Parked cars along a kerb, or an avenue's trees: one after another, gaps: least and most metres between two."""
    distances = rng.uniform(3, 7) + np.cumsum(rng.uniform(*gaps, 8))
    return [(kind, x + 0.15 * rng.normal(), z) for z in distances[: int(rng.integers(3, 9))]]
