"""People on foot, seen from the front or the back."""
import numpy as np

from ..colour import named, one_of
from ..sampling import FlatSampler
from ..sketch import Sketch
from ..textures.noise import soft
from .shadow import put_shadow

_TOPS = {"red": 0.1, "orange": 0.04, "yellow": 0.07, "green": 0.06, "blue": 0.14, "purple": 0.04, "pink": 0.05,
         "brown": 0.08, "black": 0.22, "white": 0.1, "gray": 0.1}  # fmt: skip
_LEGS = {"black": 0.4, "blue": 0.25, "gray": 0.15, "brown": 0.1, "white": 0.06, "red": 0.04}
_SKIN = ((225, 180, 150), (190, 140, 105), (120, 80, 58), (80, 55, 40))
_HAIR = ((30, 22, 18), (90, 60, 35), (170, 140, 90), (120, 120, 120))


def put_person(canvas, x, foot, height, light, z=5.0):
    """Someone `height` pixels tall whose feet stand at (x, foot)."""
    rng, u = canvas.rng, canvas.rng.uniform
    height = float(np.clip(height, 8, 700))
    name, top = named(rng, list(_TOPS), list(_TOPS.values()))
    _, legs = named(rng, list(_LEGS), list(_LEGS.values()))
    top, legs, skin = top * u(0.6, 1.0), legs * u(0.6, 1.0), one_of(rng, _SKIN, 5) * u(0.8, 1.05)
    put_shadow(canvas, np.array([(x - 0.18 * height, foot - 0.02 * height), (x + 0.18 * height, foot - 0.02 * height),
                                 (x + 0.18 * height, foot + 0.03 * height), (x - 0.18 * height, foot + 0.03 * height)]),
               0.06 * height, u(0.2, 0.7))  # fmt: skip
    sketch = Sketch(canvas)

    def part(colour, *corners):
        """Corners in heights: across from the middle, down from the crown."""
        points = np.array(corners) * height + [x, foot - height]
        sketch.polygon(points, light.on(colour, z), "person")

    step, leg = u(-0.12, 0.12), u(0.04, 0.06)
    for side in (-1, 1):
        ankle = side * (0.05 + abs(step)) + 0.3 * step
        part(
            legs * (1 if side > 0 else 0.85),
            (0.05 * side - leg, 0.5),
            (0.05 * side + leg, 0.5),
            (ankle + 0.7 * leg, 0.97),
            (ankle - 0.7 * leg, 0.97),
        )
        part(np.array([25, 22, 20]), (ankle - 0.05, 0.96), (ankle + 0.06, 0.96), (ankle + 0.06, 1), (ankle - 0.05, 1))
    shoulder, hip = u(0.1, 0.135), u(0.075, 0.14)
    hem = u(0.52, 0.72) if rng.random() < 0.4 else 0.56  # a coat or a skirt
    part(top, (-shoulder, 0.2), (shoulder, 0.2), (hip, hem), (-hip, hem))
    for side in (-1, 1):
        hand = side * (shoulder + u(0, 0.08))
        part(
            top * u(0.75, 0.95),
            (side * shoulder - 0.03, 0.2),
            (side * shoulder + 0.03, 0.2),
            (hand + 0.025, 0.52),
            (hand - 0.025, 0.52),
        )
        part(skin, (hand - 0.022, 0.51), (hand + 0.022, 0.51), (hand + 0.02, 0.56), (hand - 0.02, 0.56))
    part(skin, (-0.025, 0.15), (0.025, 0.15), (0.03, 0.21), (-0.03, 0.21))
    head = np.array([x, foot - 0.89 * height])
    sketch.disc(head, 0.055 * height, light.on(skin, z), "person", squeeze=1.35)
    hair = light.on(one_of(rng, _HAIR, 8), z)
    from_behind = rng.random() < 0.4
    sketch.disc(head - [0, 0.028 * height], 0.06 * height, hair, "person", squeeze=1.2 if from_behind else 0.75)
    if rng.random() < 0.3:  # a bag
        bag = u(-0.1, 0.1)
        part(named(rng)[1] * 0.7, (bag - 0.09, 0.22), (bag + 0.09, 0.22), (bag + 0.09, 0.45), (bag - 0.09, 0.45))
    if not sketch.finish({"person": ("person", name)}):
        return
    # Folds, and one side in the light.
    mask = sketch.layers["person"] > 0
    across = (np.arange(canvas.width) - x) / (0.3 * height)
    folds = FlatSampler(canvas.bank, rng, canvas.height, canvas.width)(soft, max(0.3, height / 200)) - 0.5
    shade = 1 + u(0.2, 0.8) * folds + u(-0.3, 0.3) * np.clip(across, -1, 1)
    canvas.image[mask] *= shade[mask][:, None]
