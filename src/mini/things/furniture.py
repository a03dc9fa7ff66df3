"""Tables, chairs and beds of cuboids, in metres before a camera."""
import numpy as np

from ..colour import named, one_of
from ..sketch import Sketch

_WOODS = ((150, 105, 65), (95, 65, 42), (190, 150, 105), (225, 222, 215), (60, 58, 56))


def put_table(canvas, camera, x, z, light):
    u, colour = canvas.rng.uniform, one_of(canvas.rng, _WOODS, 10)
    wide, deep, high = u(0.7, 1.8), u(0.6, 1.0), u(0.45, 0.78)
    sketch = Sketch(canvas)
    _legs(sketch, camera, x, z, wide, deep, high, colour, light, "table")
    _cuboid(sketch, camera, (x - wide / 2, x + wide / 2), (high - 0.05, high), (z, z + deep), colour, light, "table")
    sketch.finish({"table": ("table", "none")})


def put_chair(canvas, camera, x, z, light):
    u, colour = canvas.rng.uniform, one_of(canvas.rng, _WOODS, 10)
    name, seat = named(canvas.rng)
    wide, high = u(0.38, 0.5), u(0.42, 0.48)
    if canvas.rng.random() < 0.3:  # an armchair
        wide, colour = u(0.7, 1.0), seat * 0.8
    sketch = Sketch(canvas)
    back = ((x - wide / 2, x + wide / 2), (high, high + u(0.35, 0.6)))
    from_behind = canvas.rng.random() < 0.4
    if not from_behind:
        _cuboid(sketch, camera, *back, (z + wide - 0.05, z + wide), colour, light, "chair")
    _legs(sketch, camera, x, z, wide, wide, high, colour, light, "chair")
    _cuboid(
        sketch, camera, (x - wide / 2, x + wide / 2), (high - 0.08, high), (z, z + wide), seat * 0.9, light, "chair"
    )
    if from_behind:
        _cuboid(sketch, camera, *back, (z, z + 0.05), colour, light, "chair")
    sketch.finish({"chair": ("chair", name)})


def put_bed(canvas, camera, x, z, light):
    u, frame = canvas.rng.uniform, one_of(canvas.rng, _WOODS, 10)
    name, cover = named(canvas.rng)
    wide, long = u(0.9, 1.8), u(1.9, 2.1)
    left, right = x - wide / 2, x + wide / 2
    sketch = Sketch(canvas)
    _cuboid(sketch, camera, (left, right), (0, u(0.7, 1.1)), (z + long, z + long + 0.06), frame, light, "bed")
    _cuboid(sketch, camera, (left, right), (0.05, 0.28), (z, z + long), frame, light, "bed")
    pillow = np.array([235.0, 233, 228])
    _cuboid(sketch, camera, (left, right), (0.28, 0.5), (z, z + long), pillow * 0.95, light, "bed")
    _cuboid(sketch, camera, (left - 0.02, right + 0.02), (0.3, 0.52), (z, z + long * u(0.5, 0.75)), cover, light, "bed")
    for middle in np.linspace(left, right, 3)[1::1] - wide / 4 if wide > 1.3 else (x,):
        _cuboid(
            sketch,
            camera,
            (middle - 0.3, middle + 0.3),
            (0.5, 0.62),
            (z + long - 0.45, z + long - 0.05),
            pillow,
            light,
            "bed",
        )
    sketch.finish({"bed": ("bed", name)})


def _legs(sketch, camera, x, z, wide, deep, high, colour, light, layer):
    for depth in (z + deep - 0.05, z):
        for side in (x - wide / 2, x + wide / 2 - 0.05):
            _cuboid(sketch, camera, (side, side + 0.05), (0, high), (depth, depth + 0.05), colour * 0.7, light, layer)


def _cuboid(sketch, camera, xs, ys, zs, colour, light, layer):
    """From xs[0] to xs[1] across, ys up, zs away; the faces that the camera sees, far ones first."""
    (x0, x1), (y0, y1), (z0, z1) = xs, ys, zs

    def face(x, y, z, shade):
        sketch.polygon(
            camera.project(np.array(x, float), np.array(y, float), np.array(z, float)),
            light.on(colour * shade, z0),
            layer,
        )

    if x0 > 0:
        face((x0, x0, x0, x0), (y0, y1, y1, y0), (z0, z0, z1, z1), 0.7)
    if x1 < 0:
        face((x1, x1, x1, x1), (y0, y1, y1, y0), (z0, z0, z1, z1), 0.75)
    if y1 < camera.height:
        face((x0, x1, x1, x0), (y1, y1, y1, y1), (z0, z0, z1, z1), 1.1)
    face((x0, x1, x1, x0), (y0, y0, y1, y1), (z0, z0, z0, z0), 0.9)
