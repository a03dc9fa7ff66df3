"""Cars, vans, lorries and buses: an outline drawn out to the car's width, turned by any angle, seen in perspective."""
import numpy as np

from ..colour import named, one_of
from ..sampling import FlatSampler
from ..sketch import Sketch
from ..textures.noise import soft
from .car_bodies import BODIES
from .shadow import put_shadow

_PAINTS = {"white": 0.19, "gray": 0.25, "black": 0.15, "red": 0.14, "blue": 0.14, "green": 0.05, "yellow": 0.04,
           "brown": 0.02, "orange": 0.02}  # fmt: skip
_GLASS = ((25, 28, 32), (45, 52, 60), (80, 92, 104))
_TYRE = np.array([22, 22, 23])


def put_car(canvas, camera, x, z, heading, light, kind=None):
    """A car with its middle at (x, z) metres, its front turned by `heading` radians from straight away. Nothing is
    drawn closer than a metre. kind: a name of BODIES."""
    rng = canvas.rng
    kind = kind or str(rng.choice(list(BODIES), p=[body.share for body in BODIES.values()]))
    car = _Car(canvas, camera, x, z, heading, light, kind)
    if z - abs(car.length / 2 * car.c) - abs(car.width / 2 * car.s) >= 1.0:
        car.draw()


class _Car:
    def __init__(self, canvas, camera, x, z, heading, light, kind):
        rng = canvas.rng
        self.canvas, self.camera, self.rng, self.light = canvas, camera, rng, light
        self.x, self.z, self.c, self.s = x, z, np.cos(heading), np.sin(heading)
        self.kind, body, size = kind, BODIES[kind], rng.uniform(0.92, 1.08)
        self.length, self.width = size * body.length, size * body.width
        self.outline, self.side_window, self.glazed = size * body.outline, size * body.side_window, body.glazed
        self.paint, colour = named(rng, list(_PAINTS), list(_PAINTS.values()))
        self.colour = colour * rng.uniform(0.6, 1.1)
        self.glass = one_of(rng, _GLASS, 6)
        self.mirrored = one_of(rng, ((175, 185, 195),), 15)
        self.wheels = (-0.28, 0.33) if kind in ("bus", "lorry") else (-0.3, 0.3)
        self.wheel = size * (0.48 if kind in ("bus", "lorry") else 0.32)

    def at(self, along, up, across):
        """Corners given in metres of the car itself -> pixels."""
        along, up, across = np.broadcast_arrays(np.asarray(along, float), up, across)
        return self.camera.project(
            self.x + along * self.s + across * self.c, up, self.z + along * self.c - across * self.s
        )

    def shade(self, colour):
        return self.light.on(colour, self.z)

    def draw(self):
        self._shadow()
        self.sketch = Sketch(self.canvas)
        near = 1 if self.c * -self.x + self.s * self.z > 0 else -1  # the long side that faces the camera
        for along in self.wheels:
            for side in (near, -near):
                self._disc(along * self.length, side * 0.8, 1.0, _TYRE)
        for i, lit, steep in self._visible_strips():
            self._strip(i, lit, steep)
        if self._side_is_visible(near):
            self._side(near)
        if self.sketch.finish({"body": ("bus" if self.kind == "bus" else "car", self.paint)}):
            self._unevenness(self.sketch.layers["body"] > 0)

    def _shadow(self):
        """The ground under the car is dark, softly at its edge."""
        corners = self.at(
            0.525 * self.length * np.array([-1, 1, 1, -1]), 0, 0.58 * self.width * np.array([-1, -1, 1, 1])
        )
        put_shadow(self.canvas, corners, self.camera.pixels(0.25, self.z), self.rng.uniform(0.45, 0.85))

    def _visible_strips(self):
        """Pieces of the outline across the car that face the camera, far ones first: (index, light 0..1.2,
        upwardness)."""
        strips = []
        for i, ((l0, u0), (l1, u1)) in enumerate(zip(self.outline[:-1], self.outline[1:])):
            normal = np.array([-(u1 - u0), l1 - l0]) / np.hypot(u1 - u0, l1 - l0)
            middle = (l0 + l1) / 2
            seen = np.array([self.x + middle * self.s, (u0 + u1) / 2 - self.camera.height, self.z + middle * self.c])
            if normal[0] * self.s * seen[0] + normal[1] * seen[1] + normal[0] * self.c * seen[2] < 0:
                lit = 0.62 + 0.5 * max(normal[1], 0) + 0.08 * self.rng.normal()
                strips.append((np.hypot(seen[0], seen[2]), i, lit, normal[1]))
        return [strip[1:] for strip in sorted(strips, reverse=True)]

    def _strip(self, i, lit, up):
        (l0, u0), (l1, u1) = self.outline[i], self.outline[i + 1]
        across = self.width / 2 * np.array([-1, -1, 1, 1])
        self.sketch.polygon(
            self.at([l0, l1, l1, l0], [u0, u1, u1, u0], across), self.shade(self.colour * lit + 25 * max(up, 0)), "body"
        )
        if i in self.glazed:
            inner = np.array([0.12, 0.88, 0.88, 0.12])
            pane = self.at(l0 + (l1 - l0) * inner, u0 + (u1 - u0) * inner, 0.88 * across)
            tone = self.glass + (self.mirrored - self.glass) * max(0, self.rng.uniform(-0.2, 0.8))
            self.sketch.polygon(pane, self.shade(tone))
            if self.rng.random() < 0.5:
                small = pane + (pane.mean(0) - pane) * self.rng.uniform(0.2, 0.7)
                self.sketch.polygon(small, self.shade(tone + (self.mirrored - tone) * self.rng.uniform(0.1, 0.5)))
        elif abs(up) < 0.5 and (i <= 1 or i >= len(self.outline) - 3):
            self._end(l0, u0, l1, u1, rear=i <= 1)

    def _end(self, l0, u0, l1, u1, rear):
        """Lights, number plate, bumper or grille. At night the lights shine."""
        along, rise = (l0 + l1) / 2, u1 - u0
        up = u0 + 0.6 * rise
        colour = np.array([170, 25, 25]) if rear else np.array([225, 225, 215])
        for side in (-1, 1):
            lamp = self.at(
                along, up + 0.13 * np.array([-1, 1, 1, -1]), side * self.width / 2 * np.array([0.62, 0.62, 0.95, 0.95])
            )
            shine = self.shade(colour * self.rng.uniform(0.6, 1.2))
            if self.light.night:
                shine = np.array([255, 60, 45]) if rear else np.array([255, 250, 230])
                reach = self.camera.pixels(0.4 if rear else 0.9, self.z)
                self.canvas.lamps.append((*lamp.mean(0), 4 * reach, reach, shine / 255))
            self.sketch.polygon(lamp, shine)
        plate = np.array([225, 205, 60]) if rear and self.rng.random() < 0.5 else np.array([220, 220, 215])
        self.sketch.polygon(
            self.at(along, up + np.array([-0.12, 0, 0, -0.12]), 0.28 * np.array([-1, -1, 1, 1])), self.shade(plate)
        )
        low, wide = (self.colour * 0.35, 0.5 * self.width) if rear else (np.array([30, 30, 32]), 0.5)
        self.sketch.polygon(
            self.at(along, u0 + np.array([0, 0.14, 0.14, 0]), wide * np.array([-1, -1, 1, 1])), self.shade(low)
        )

    def _side_is_visible(self, side):
        across = side * self.width / 2
        return side * (self.c * -(self.x + self.c * across) + self.s * (self.z - self.s * across)) > 0

    def _side(self, side):
        across = side * self.width / 2
        lit = self.rng.uniform(0.5, 1.05)
        rear, front, low = self.outline[0, 0], self.outline[-1, 0], self.outline[:, 1].min()

        def band(bottom, top, colour, inset=1.0):
            self.sketch.polygon(
                self.at(inset * np.array([rear, front, front, rear]), np.array([bottom, bottom, top, top]), across),
                self.shade(colour),
            )

        self.sketch.polygon(
            self.at(self.outline[:, 0], self.outline[:, 1], across), self.shade(self.colour * lit), "body"
        )
        band(low, low + 0.22, self.colour * lit * 0.55)
        belt = self.side_window[0, 1]
        band(belt - 0.12, belt - 0.04, np.clip(self.colour * lit * 1.2 + 18, 0, 255), 0.96)
        pane = self.glass + (self.mirrored - self.glass) * max(0, self.rng.uniform(-0.3, 0.5))
        self.sketch.polygon(self.at(self.side_window[:, 0], self.side_window[:, 1], across), self.shade(pane))
        pillars = 8 if self.kind == "bus" else 2
        for i in range(1, pillars):
            along = self.side_window[0, 0] + (self.side_window[-1, 0] - self.side_window[0, 0]) * i / pillars
            self.sketch.polygon(
                self.at(along + 0.04 * np.array([-1, 1, 1, -1]), self.side_window[[0, 0, 1, 1], 1], across),
                self.shade(self.colour * lit * 0.8),
            )
        hub = one_of(self.rng, ((130, 130, 132),), 20)
        for along in self.wheels:
            self._disc(along * self.length, side, 1.15, self.colour * 0.25, layer=None)
            self._disc(along * self.length, side * 1.01, 1.0, _TYRE)
            self._disc(along * self.length, side * 1.02, 0.6, hub, layer=None)

    def _disc(self, along, across, size, colour, layer="body"):
        angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        rim = self.at(
            along + size * self.wheel * np.cos(angle),
            self.wheel + size * self.wheel * np.sin(angle),
            across * self.width / 2,
        )
        self.sketch.polygon(rim, self.shade(colour), layer)

    def _unevenness(self, mask):
        """Reflections and dirt: no sheet of metal has one tone."""
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        size = rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0]
        texture = FlatSampler(self.canvas.bank, self.rng, *size)(soft, self.rng.uniform(0.6, 2.5))[..., None] - 0.5
        part = self.canvas.image[box]
        gain, add = self.rng.uniform(0.1, 0.6), self.rng.uniform(0, 25) * self.light.exposure
        part[mask[box]] = (part * (1 + gain * texture) + add * texture)[mask[box]]
