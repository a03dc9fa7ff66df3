"""Open country: slopes at the horizon, meadows, sand, snow, water and rock before them, single houses and trees."""
import numpy as np

from ..camera import Camera
from ..materials import MATERIALS
from ..sampling import GroundSampler
from ..textures.noise import pink
from ..things.fence import put_fence
from ..things.houses import put_house
from .setting import ground, lay, outdoors, profile, put_outdoor_things


def paint(canvas):
    rng, u = canvas.rng, canvas.rng.uniform
    height, width = canvas.height, canvas.width
    camera = Camera(width * u(0.7, 1.4), u(1.4, 6), width / 2, height * u(0.25, 0.7))
    light, sky = outdoors(canvas, camera.horizon)
    _slopes(canvas, camera, light)
    _, x, z, below = ground(canvas, camera, 1.0)
    sample = GroundSampler(canvas.bank, rng, 0.5 * x, 0.5 * z, np.exp(-z / u(30, 90)))
    _grounds(canvas, camera, light, sky, sample, below, z)
    if rng.random() < 0.3:  # a way
        name = "road" if rng.random() < 0.6 else "dirt"
        lay(canvas, below & (np.abs(x + u(-4, 4) + u(-0.2, 0.2) * z) < u(1, 3)), name, light, sample, z)
    if rng.random() < 0.3:
        for _ in range(int(rng.integers(1, 4))):
            far = u(15, 60)
            put_house(canvas, u(-0.1, 1) * width, camera.project(0, 0, far)[1], camera.pixels(18, far), light, far)
    for _ in range(int(rng.integers(0, 4))):
        _put_rock(canvas, camera, light, u(5, 60))
    if rng.random() < 0.12:
        far = u(6, 25)
        left, foot = camera.project(u(-0.5, 0.3) * far, 0, far)
        put_fence(
            canvas,
            [(left, foot), (left + u(60, 250), foot + u(-6, 6))],
            camera.pixels(np.array([1.2, 1.2]), far),
            light,
            far,
        )
    kinds = rng.choice(
        ["tree", "bush", "person", "car", "pole"], int(rng.integers(0, 12)), p=[0.5, 0.2, 0.16, 0.07, 0.07]
    )
    things = [
        (str(kind), u(-0.55, 0.55) * far * width / camera.focal, far) for kind, far in zip(kinds, u(5, 80, len(kinds)))
    ]
    put_outdoor_things(canvas, camera, things, light, bare=0.15)


def _slopes(canvas, camera, light):
    rng, u = canvas.rng, canvas.rng.uniform
    rows, _ = canvas.grid()
    for _ in range(int(rng.integers(0, 3))):
        line = camera.horizon - canvas.height * u(0.02, 0.4) * profile(canvas, u(1, 4))
        slope = (rows > line) & (rows < camera.horizon + 2)
        name = str(rng.choice(["mountain", "tree"], p=[0.7, 0.3]))
        far = u(100, 1500) if light.haze < 0.003 else u(60, 300)
        lay(canvas, slope, name, light, canvas.sampler(), far)
        if name == "mountain" and rng.random() < 0.35:
            rgb, _ = MATERIALS["snow"](canvas.sampler(), rng)
            top = slope & (rows < line + canvas.height * u(0.03, 0.1) * (0.5 + canvas.sampler()(pink, 1.0)))
            canvas.fill(top, light.on(rgb, far), "snow", "white")


def _grounds(canvas, camera, light, sky, sample, below, z):
    rng, u = canvas.rng, canvas.rng.uniform
    rows, _ = canvas.grid()
    names = rng.choice(
        ["grass", "sand", "snow", "water", "dirt", "rock"],
        int(rng.integers(1, 4)),
        p=[0.34, 0.14, 0.14, 0.2, 0.1, 0.08],
    )
    for i, name in enumerate(map(str, names)):
        edge = camera.horizon + (canvas.height - camera.horizon) * (
            u(0.1, 0.8) + u(0.1, 0.5) * (profile(canvas, u(0.7, 3)) - 0.5)
        )
        mask = below if i == 0 else below & (rows > edge)
        lay(canvas, mask, name, light, sample, z)
        if name == "water" and rng.random() < 0.6:  # mirrors the sky
            mirrored = np.clip(2 * int(camera.horizon) - np.arange(canvas.height), 0, canvas.height - 1)
            canvas.image[mask] = (0.55 * canvas.image + 0.45 * sky[mirrored])[mask]


def _put_rock(canvas, camera, light, far):
    rng, u = canvas.rng, canvas.rng.uniform
    rows, columns = canvas.grid()
    column, foot = camera.project(u(-0.5, 0.5) * far, 0, far)
    radius = camera.pixels(u(0.3, 2.0), far)
    ragged = 1 + 0.6 * (canvas.sampler()(pink, 0.8) - 0.5)
    rock = ((columns - column) ** 2 + (2 * (rows - foot + 0.3 * radius)) ** 2 < (radius * ragged) ** 2) & (rows < foot)
    if rock.any():
        lay(canvas, rock, "rock", light, canvas.sampler(), far)
