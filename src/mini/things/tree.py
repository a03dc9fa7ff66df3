"""Trees: bare ones, grown branch by branch and labelled as their closed crown; leafy ones and bushes."""
from dataclasses import dataclass

import cv2
import numpy as np

from ..colour import plant_green, ramp
from ..sampling import FlatSampler
from ..textures.noise import pink, power_noise
from ..textures.strokes import leaves

_BARE, _LEAFY = 288, 224  # sides of the square sprites, pixels
_LARGEST = 1200  # pixels


@dataclass(frozen=True)
class Tree:
    opacity: np.ndarray  # float32 [n, n] in 0..1
    crown: np.ndarray  # bool: what is labelled
    tone: np.ndarray  # float32 in 0..1
    trunk: np.ndarray  # bool: the trunk where no leaf is before it


def bare_tree(rng, bank):
    image = np.zeros((_BARE, _BARE), np.uint8)
    spread, upwards = rng.uniform(0.25, 0.55), rng.uniform(0, 0.2)

    def grow(x, y, angle, length, thickness, forks):
        if forks == 0 or length < 3:
            return
        x1, y1 = x + length * np.cos(angle), y - length * np.sin(angle)
        cv2.line(
            image,
            (int(8 * x), int(8 * y)),
            (int(8 * x1), int(8 * y1)),
            255,
            max(1, int(round(thickness))),
            cv2.LINE_AA,
            3,
        )
        for _ in range(int(rng.choice([2, 3, 3])) if forks > 1 else 2):
            turned = angle + spread * rng.normal() + (0.3 if rng.random() < 0.5 else -0.3)
            turned += upwards * (np.pi / 2 - turned)
            grow(x1, y1, turned, length * rng.uniform(0.62, 0.88), thickness * rng.uniform(0.5, 0.75), forks - 1)

    grow(
        _BARE / 2,
        _BARE - 1,
        np.pi / 2 + 0.06 * rng.normal(),
        _BARE * rng.uniform(0.18, 0.3),
        rng.uniform(5, 11),
        int(rng.integers(6, 8)),
    )
    opacity = image.astype(np.float32) / 255
    # Sky between twigs belongs to the crown, as people label it; air around thin ends does not.
    padded = cv2.copyMakeBorder(image, 30, 30, 30, 30, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (25, 25)))
    crown = (closed[30:-30, 30:-30] > 60) & (cv2.blur(opacity, (31, 31)) > 0.1) | (opacity > 0.5)
    tone = np.tile(power_noise(rng, 1.0), (2, 2))[:_BARE, :_BARE]
    return Tree(opacity, crown, tone, np.zeros_like(crown))


def leafy_tree(rng, bank):
    n = _LEAFY
    y, x = np.mgrid[:n, :n].astype(np.float32) / n
    conifer = rng.random() < 0.2
    if conifer:
        field = np.minimum(1 - np.abs(x - 0.5) / (0.08 + 0.36 * np.clip(y - 0.03, 0, 1)), 6 * (0.92 - y))
        trunk = (np.abs(x - 0.5) < 0.02) & (y > 0.85)
    else:
        field = np.full((n, n), -1, np.float32)
        for _ in range(int(rng.integers(4, 12))):
            cx, cy, radius = 0.5 + 0.16 * rng.normal(), 0.4 + 0.14 * rng.normal(), rng.uniform(0.13, 0.27)
            field = np.maximum(field, 1 - np.hypot(x - cx, (y - cy) * rng.uniform(0.9, 1.3)) / radius)
        thick = rng.uniform(0.01, 0.025)
        trunk = (np.abs(x - 0.5) < thick * (1 + np.clip(y - 0.3, 0, 1))) & (y > 0.35)
    ragged = (0.6 * power_noise(rng, 1.4) + 0.4 * power_noise(rng, 0.8))[:n, :n]
    opacity = np.clip(14 * (field + rng.uniform(0.8, 2.2) * (ragged - 0.5)) + 0.5, 0, 1)
    opacity = opacity * np.minimum(1, 30 * np.minimum.reduce([x, 1 - x, y, 1 - y]))
    if rng.random() < 0.5:  # holes through which the sky is seen
        opacity = opacity * np.clip(20 * (ragged - rng.uniform(0.12, 0.3)), 0, 1)
    # Each clump is lit from above.
    clumps = cv2.GaussianBlur(np.clip(field, 0, 1), (0, 0), 4)
    lit = np.roll(clumps, -6, 0) - np.roll(clumps, 6, 0)
    tone = 0.62 * bank.pick(leaves, rng)[:n, :n] + 0.22 * np.clip(1 - 1.2 * y, 0, 1) + 0.27 * lit
    crown = (cv2.GaussianBlur(opacity, (0, 0), 3) > 0.4) | trunk
    return Tree(opacity.astype(np.float32), crown, tone.astype(np.float32), trunk & (opacity < 0.5))


def put_tree(canvas, x, foot, height, light, z=10.0, bare=None):
    """A tree of `height` pixels whose trunk meets the ground at (x, foot); bare or leafy, drawn if not given."""
    rng = canvas.rng
    height = int(np.clip(height, 12, _LARGEST))
    bare = rng.random() < 0.3 if bare is None else bare
    if bare:
        sprite = canvas.bank.pick(bare_tree, rng, times=3)
        opacity, crown, tone, _ = _resized(sprite, height, height)
        value = rng.uniform(20, 95)
        bark = value * np.array([rng.uniform(1.0, 1.2), 1, rng.uniform(0.75, 1)])
        rgb = bark * (0.6 + 0.8 * tone[..., None])
        opacity, attribute, width = np.clip(opacity * rng.uniform(1.0, 1.6), 0, 1), "bare", height
    else:
        width = max(10, int(height * rng.uniform(0.7, 1.3)))
        opacity, crown, tone, trunk = _resized(canvas.bank.pick(leafy_tree, rng, times=4), height, width)
        rgb, attribute = _leaf_colours(canvas, tone)
        bark = np.array([70, 55, 42]) * rng.uniform(0.4, 1.2)
        rgb, opacity = np.where(trunk[..., None], bark, rgb), np.maximum(opacity, trunk)
    if rng.random() < 0.5:
        opacity, crown, rgb = opacity[:, ::-1], crown[:, ::-1], rgb[:, ::-1]
    canvas.paste(
        opacity, crown, light.on(rgb * rng.uniform(0.6, 1.1), z), x - width / 2, foot - height, "tree", attribute
    )


def put_bush(canvas, x, foot, height, light, z=10.0):
    """A bush or a piece of hedge: the crown of a leafy tree, standing on the ground."""
    rng = canvas.rng
    height = int(np.clip(height, 8, _LARGEST))
    width = max(10, int(height * rng.uniform(1.1, 2.2)))
    opacity, crown, tone, trunk = _resized(canvas.bank.pick(leafy_tree, rng, times=4), height * 3 // 2, width)
    opacity, tone = opacity[:height] * ~trunk[:height], tone[:height]
    rgb, attribute = _leaf_colours(canvas, tone)
    canvas.paste(
        opacity,
        opacity > 0.5,
        light.on(rgb * rng.uniform(0.6, 1.1), z),
        x - width / 2,
        foot - height,
        "tree",
        attribute,
    )


def _leaf_colours(canvas, tone):
    rng = canvas.rng
    height, width = tone.shape
    if height > 1.5 * _LEAFY:  # near trees show their leaves
        tone = np.clip(tone + 0.6 * (FlatSampler(canvas.bank, rng, height, width)(leaves) - 0.5), 0, 1)
    colour, attribute = plant_green(rng), "green"
    if rng.random() < 0.12:
        colour = np.array([rng.uniform(140, 200), rng.uniform(80, 130), rng.uniform(20, 50)])
        attribute = "autumn"
    dark = colour * (1 - rng.uniform(0.5, 0.9))
    return ramp(tone, dark, colour * rng.uniform(0.6, 0.9), colour * rng.uniform(1.2, 1.7) + 8), attribute


def _resized(tree, height, width):
    way = cv2.INTER_AREA if height < len(tree.tone) else cv2.INTER_LINEAR
    size = width, height
    labels = (
        cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
        for mask in (tree.crown, tree.trunk)
    )
    crown, trunk = labels
    return (
        cv2.resize(tree.opacity, size, interpolation=way),
        crown,
        cv2.resize(tree.tone, size, interpolation=way),
        trunk,
    )
