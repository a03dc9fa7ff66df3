"""A room: floor, ceiling and three walls with windows, doors and curtains; furniture, people and things in it."""
import numpy as np

from ..camera import Camera
from ..colour import grey, named, one_of
from ..light import Light
from ..materials import MATERIALS, sky
from ..patterns import pattern
from ..sampling import GroundSampler
from ..sketch import Sketch
from ..textures.made import weave
from ..things.furniture import put_bed, put_chair, put_table
from ..things.person import put_person
from ..things.solids import put_solid

_DOORS = ((235, 232, 225), (150, 105, 65), (95, 65, 42), (120, 130, 140))


def paint(canvas):
    rng, u = canvas.rng, canvas.rng.uniform
    height, width = canvas.height, canvas.width
    camera = Camera(width * u(0.55, 1.1), u(1.1, 1.7), width * u(0.3, 0.7), height * u(0.35, 0.6))
    left, right, top, depth = -u(1.2, 3.5), u(1.2, 3.5), u(2.3, 3.2), u(3.0, 8.0)
    light = Light(u(0.3, 1.1), 0.0, np.zeros(3))
    z = _surfaces(canvas, camera, light, left, right, top, depth)
    _openings(canvas, camera, light, left, right, top, depth)
    # Light falls off from where it comes in.
    source = u(0, depth)
    canvas.image *= (1 - u(0, 0.5) * np.clip(np.abs(z - source) / depth, 0, 1))[..., None]
    for kind, x, far in _contents(rng, left, right, depth):
        if kind in ("box", "ball"):
            column, foot = camera.project(x, 0, far)
            size = camera.pixels(u(0.12, 0.35), far)
            put_solid(canvas, kind, column, foot - size, size, light)
        elif kind == "person":
            column, foot = camera.project(x, 0, far)
            put_person(canvas, column, foot, camera.pixels(u(1.5, 1.85), far), light, far)
        else:
            {"table": put_table, "chair": put_chair, "bed": put_bed}[kind](canvas, camera, x, far, light)


def _surfaces(canvas, camera, light, left, right, top, depth):
    """Each pixel belongs to the surface that its ray meets first; returns how far that is, float [h, w]."""
    rng = canvas.rng
    rows, columns = canvas.grid()
    across, down = (columns - camera.centre) / camera.focal, (rows - camera.horizon) / camera.focal
    tiny = 1e-6
    reach = np.stack([np.full_like(across, depth), camera.height / np.maximum(down, tiny),
                      (top - camera.height) / np.maximum(-down, tiny), -left / np.maximum(-across, tiny),
                      right / np.maximum(across, tiny)])  # fmt: skip
    first, z = reach.argmin(0), np.minimum(reach.min(0), 50).astype(np.float32)
    x, y = (across * z).astype(np.float32), (camera.height - down * z).astype(np.float32)
    wall_seed = int(rng.integers(2**32))  # all walls are of one material
    for index, name, u, v, shade in ((1, "floor", x, z, 0.95), (2, "ceiling", x, z, 1.0), (0, "wall", x, y, 1.0),
                                     (3, "wall", z, y, 0.85), (4, "wall", z, y, 0.92)):  # fmt: skip
        draw = np.random.default_rng(wall_seed) if name == "wall" else rng
        mask = first == index
        if mask.any():
            rgb, attribute = MATERIALS[name](GroundSampler(canvas.bank, draw, u, v, np.ones_like(u)), draw)
            canvas.fill(mask, light.on(rgb * shade), name, attribute)
    return z


def _openings(canvas, camera, light, left, right, top, depth):
    rng, u = canvas.rng, canvas.rng.uniform
    for _ in range(int(rng.integers(1, 5))):
        wall = str(rng.choice(["back", "left", "right"], p=[0.6, 0.2, 0.2]))
        is_door = rng.random() < 0.35
        wide, low, high = (
            (u(0.75, 1.0), 0.0, 2.05) if is_door else (u(0.6, 2.2), u(0.6, 1.0), min(u(1.8, 2.4), top - 0.1))
        )
        start = u(left, right - wide) if wall == "back" else u(1.5, max(depth - wide, 1.6))

        def corners(inset=0.0):
            a, b, c, d = start + inset, start + wide - inset, low + (0 if is_door else inset), high - inset
            along, up = np.array([a, b, b, a]), np.array([c, c, d, d])
            return (
                camera.project(along, up, depth)
                if wall == "back"
                else camera.project(left if wall == "left" else right, up, along)
            )

        sketch = Sketch(canvas)
        if is_door:
            name, colour = ("none", one_of(rng, _DOORS, 10)) if rng.random() < 0.7 else named(rng)
            sketch.polygon(corners(), light.on(colour * 0.75), "door")
            sketch.polygon(corners(0.07), light.on(colour))
            sketch.finish({"door": ("door", name)})
            continue
        outside, kind = sky.paint(canvas.sampler(), rng)
        sketch.polygon(corners(), light.on(grey(rng, 180, 240)), "window")
        sketch.polygon(corners(0.06), np.median(outside, (0, 1)) * u(0.7, 1.3), "pane")
        pane = corners(0.06)
        sketch.line(
            [(pane[0] + pane[1]) / 2, (pane[2] + pane[3]) / 2],
            light.on(np.array([210.0, 210, 208])),
            camera.pixels(0.05, depth),
        )
        sketch.finish({"window": ("window", "none"), "pane": ("window", kind)})
        if rng.random() < 0.4:
            _curtain(canvas, camera, light, corners(-0.1), rng.random() < 0.5)


def _curtain(canvas, camera, light, corners, first):
    """Over a third of the window, at one of its sides."""
    a, b, c, d = corners
    part = canvas.rng.uniform(0.2, 0.45)
    shape = (
        np.array([a, a + part * (b - a), d + part * (c - d), d])
        if first
        else np.array([b + part * (a - b), b, c, c + part * (d - c)])
    )
    sketch = Sketch(canvas)
    sketch.polygon(shape, None, "curtain")
    rgb, attribute = pattern(canvas.rng, canvas.sampler()(weave, 0.6))
    mask = sketch.layers["curtain"] > 0
    if mask.any():
        columns = np.arange(canvas.width)
        folds = 1 + 0.2 * np.sin(columns / max(2.0, camera.pixels(0.05, 4.0)))
        canvas.fill(mask, light.on(rgb * folds[None, :, None]), "cloth", attribute)


def _contents(rng, left, right, depth):
    """(kind, x, z), metres, far ones first, none in another's place."""
    kinds = rng.choice(
        ["table", "chair", "bed", "person", "box", "ball"],
        int(rng.integers(1, 8)),
        p=[0.22, 0.34, 0.12, 0.14, 0.1, 0.08],
    )
    placed = []
    for kind in map(str, kinds):
        half = {"bed": 1.0, "table": 0.9}.get(kind, 0.4)
        room = 2.3 if kind == "bed" else 1.1
        if right - left < 2.2 * half or depth < 1.8 + room:
            continue
        x, z = rng.uniform(left + half, right - half), rng.uniform(1.6, depth - room + 0.2)
        if all(abs(x - other) > half or abs(z - far) > room for _, other, far in placed):
            placed.append((kind, x, z))
    return sorted(placed, key=lambda thing: -thing[2])
