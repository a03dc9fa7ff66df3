"""Poles with what they carry: a lamp, a traffic sign, a traffic light, or nothing."""
import numpy as np

from ..colour import named, one_of
from ..sketch import Sketch

_METAL = ((60, 62, 62), (110, 112, 115), (40, 60, 45), (150, 150, 150), (120, 95, 70))
_SIGNS = {"red": 0.25, "blue": 0.25, "white": 0.2, "green": 0.1, "yellow": 0.12, "black": 0.08}
_LAMP = np.array([1.0, 0.82, 0.55])


def put_pole(canvas, x, foot, height, width, light, z=10.0, carries=None):
    """A pole `height` pixels tall and `width` wide at (x, foot). carries: lamp, sign, signals or nothing."""
    rng, u = canvas.rng, canvas.rng.uniform
    carries = carries or str(rng.choice(["lamp", "sign", "signals", "nothing"], p=[0.35, 0.35, 0.15, 0.15]))
    metal, width, top = light.on(one_of(rng, _METAL, 8), z), max(width, 1.0), foot - height
    sketch = Sketch(canvas)
    sketch.polygon(
        np.array([(x - width / 2, foot), (x + width / 2, foot), (x + 0.35 * width, top), (x - 0.35 * width, top)]),
        metal,
        "pole",
    )
    # One side of a round pole lies in its own shadow.
    sketch.polygon(
        np.array([(x, foot), (x + width / 2, foot), (x + 0.35 * width, top), (x, top)]), metal * u(0.55, 0.9)
    )
    attribute = "none"
    if carries == "lamp":
        _lamp(canvas, sketch, x, top, height, width, metal, light)
    elif carries == "sign":
        attribute = put_sign(sketch, rng, x, top, height * u(0.1, 0.22), light, z)
    elif carries == "signals":
        attribute = _signals(canvas, sketch, rng, x, top, 0.14 * height, light, z)
    sketch.finish({"pole": ("pole", "none"), "sign": ("sign", attribute)})


def _lamp(canvas, sketch, x, top, height, width, metal, light):
    arm = canvas.rng.choice([-1, 1]) * height * canvas.rng.uniform(0.1, 0.3)
    sketch.line(
        [(x, top), (x + 0.3 * arm, top - 0.06 * height), (x + arm, top - 0.08 * height)], metal, 0.6 * width, "pole"
    )
    head = np.array(
        [
            (x + arm, top - 0.1 * height),
            (x + 1.4 * arm, top - 0.09 * height),
            (x + 1.4 * arm, top - 0.06 * height),
            (x + arm, top - 0.06 * height),
        ]
    )
    sketch.polygon(head, 255 * _LAMP if light.night else metal * 1.2, "pole")
    if light.night:
        # Its pool of light lies on the ground below it.
        canvas.lamps.append((x + arm, top + 0.75 * height, 0.9 * height, 0.0, _LAMP))
        canvas.lamps.append((*head.mean(0), 0.5 * height, 0.12 * height, _LAMP))


def put_sign(sketch, rng, x, y, size, light, z):
    """A round, three-cornered or rectangular plate about `size` pixels wide around (x, y), on the layer "sign";
    returns its colour's name."""
    name, colour = named(rng, list(_SIGNS), list(_SIGNS.values()))
    kind = rng.random()
    if kind < 0.35:
        angle = np.linspace(0, 2 * np.pi, 18, endpoint=False)
        plate = 0.5 * np.stack([np.cos(angle), np.sin(angle)], 1)
    elif kind < 0.5:
        plate = np.array([(-0.55, 0.45), (0.55, 0.45), (0, -0.5)])
    else:
        wide = rng.uniform(0.4, 1.6)
        plate = np.array([(-0.6 * wide, -0.45), (0.6 * wide, -0.45), (0.6 * wide, 0.45), (-0.6 * wide, 0.45)])
    centre = np.array([x, y])
    sketch.polygon(centre + size * plate, light.on(colour, z), "sign")
    inner = np.array([235, 235, 235]) if rng.random() < 0.6 else 0.6 * colour
    middle = plate.mean(0)
    sketch.polygon(centre + size * (middle + 0.78 * (plate - middle)), light.on(inner, z))
    mark = light.on(np.array([30, 30, 30]) if inner.mean() > 120 else np.array([235, 235, 235]), z)
    for _ in range(int(rng.integers(1, 4))):
        (cx, cy), (w, h) = rng.uniform(-0.15, 0.15, 2), (rng.uniform(0.08, 0.25), rng.uniform(0.03, 0.12))
        bar = np.array([(cx - w, cy - h), (cx + w, cy - h), (cx + w, cy + h), (cx - w, cy + h)])
        sketch.polygon(centre + size * (middle + bar), mark)
    return name


def _signals(canvas, sketch, rng, x, top, size, light, z):
    box = size * np.array([(-0.4, -1), (0.4, -1), (0.4, 1), (-0.4, 1)]) + [x, top]
    sketch.polygon(box, light.on(np.array([22, 24, 22]), z), "sign")
    shining = int(rng.integers(3))
    for i, colour in enumerate(((255, 50, 40), (255, 180, 40), (60, 255, 120))):
        centre = np.array([x, top + 0.6 * size * (i - 1)])
        sketch.disc(centre, 0.25 * size, colour if i == shining else light.on(0.2 * np.array(colour), z))
        if i == shining and light.night:
            canvas.lamps.append((*centre, 1.5 * size, 0.6 * size, np.array(colour) / 255))
    return "black"
