"""Fronts of houses, drawn flat: walls, rows of windows, a ground floor, a roof."""
from dataclasses import dataclass

import cv2
import numpy as np

from ..colour import named, one_of
from ..sampling import FlatSampler
from ..textures.masonry import bricks, roof_tiles, slabs
from ..textures.noise import grainy, pink, smooth, soft

HEIGHT = 288
PER_METRE = 16  # pixels
_KINDS = ("brick", "plaster", "concrete", "stone", "glass")
_SHARES = (0.4, 0.22, 0.13, 0.13, 0.12)
_BRICK = ((150, 95, 75), (170, 130, 95), (120, 80, 65), (185, 165, 130), (105, 90, 80))
_PLASTER = ((220, 215, 200), (200, 185, 150), (190, 190, 190), (215, 180, 150), (160, 170, 180), (235, 235, 230))
_FRAMES = ((230, 230, 225), (60, 60, 62), (120, 90, 60), (200, 200, 200))
_GLASS = ((35, 40, 48), (60, 70, 82), (120, 135, 150), (25, 25, 28))
_ROOFS = ((120, 70, 55), (75, 75, 80), (100, 85, 75), (150, 85, 60))


@dataclass(frozen=True)
class Facade:
    rgb: np.ndarray  # uint8 [HEIGHT, w, 3], by daylight
    covered: np.ndarray  # bool: where the building is
    lamplit: np.ndarray  # bool: windows behind which a lamp burns at night
    attribute: str


def facade(rng, bank):
    width = int(rng.integers(70, 240))
    tall = int(HEIGHT * rng.uniform(0.4, 1.0)) if rng.random() < 0.8 else HEIGHT
    top = HEIGHT - tall
    kind = str(rng.choice(_KINDS, p=_SHARES))
    colour, texture = _masonry(rng, FlatSampler(bank, rng, HEIGHT, width, turn=0), kind)
    rgb = np.clip(colour * (1 + rng.uniform(0.3, 0.8) * (texture[..., None] - 0.5)), 0, 255).astype(np.uint8)
    covered = np.zeros((HEIGHT, width), bool)
    covered[top:] = True
    lamplit = np.zeros((HEIGHT, width), np.uint8)
    roof = int(rng.uniform(0.03, 0.22) * tall) if rng.random() < 0.55 and kind != "glass" else 0
    storey = max(int(rng.uniform(2.6, 4.0) * PER_METRE), 30)
    ground_floor = int(storey * rng.uniform(1.0, 1.3))
    glass, frame = one_of(rng, _GLASS), one_of(rng, _FRAMES)
    _windows(rng, rgb, lamplit, kind, colour, glass, frame, storey, ground_floor, top + roof)
    _street_level(rng, rgb, lamplit, glass, frame, ground_floor)
    if roof:
        _roof(rng, bank, rgb, covered, top, roof, colour)
    return Facade(rgb, covered, lamplit > 0, kind)


def _masonry(rng, sample, kind):
    if kind == "brick":
        return one_of(rng, _BRICK), 0.6 * sample(bricks, rng.uniform(0.15, 0.35)) + 0.4 * sample(soft)
    if kind == "plaster":
        return one_of(rng, _PLASTER, 12), 0.25 + 0.4 * sample(soft) + 0.1 * sample(grainy)
    if kind == "concrete":
        return one_of(rng, ((150, 148, 142),), 15), 0.6 * sample(soft) + 0.4 * sample(slabs, rng.uniform(0.3, 1.0))
    if kind == "stone":
        return one_of(rng, ((175, 160, 130),), 18), 0.7 * sample(slabs, rng.uniform(0.2, 0.5)) + 0.3 * sample(pink)
    return one_of(rng, ((90, 110, 125),), 20), sample(smooth)


def _windows(rng, rgb, lamplit, kind, wall, glass, frame, storey, ground_floor, top):
    """Equal windows in rows, what they mirror and their blinds differing."""
    bay = int(rng.uniform(1.6, 3.6) * PER_METRE)
    width, height = int(bay * rng.uniform(0.35, 0.75)), int(storey * rng.uniform(0.4, 0.7))
    if kind == "glass":
        width, height = int(bay * 0.88), int(storey * 0.85)
    border = int(rng.integers(1, 4))
    bars, sill, lintel = int(rng.integers(0, 3)), rng.random() < 0.5, rng.random() < 0.4
    mirrored = one_of(rng, ((170, 185, 200),), 25)
    evening = rng.uniform(0.05, 0.6)  # how many are lit at night
    first = int(rng.integers(0, bay)) - bay
    if rng.random() < 0.5:  # bands between the storeys
        tone, thick = np.clip(wall * rng.uniform(0.6, 1.3), 0, 255).tolist(), int(rng.integers(1, 4))
        for y in range(len(rgb) - ground_floor, top, -storey):
            cv2.line(rgb, (0, y), (rgb.shape[1], y), tone, thick)
    for y in range(len(rgb) - ground_floor - storey, top - storey, -storey):
        y0 = y + (storey - height) // 2
        if y0 < top:
            break
        y1 = y0 + height
        for x in range(first, rgb.shape[1], bay):
            x0 = x + (bay - width) // 2
            x1 = x0 + width
            pane = glass + (mirrored - glass) * max(0, 0.25 * rng.normal())
            if sill:
                cv2.rectangle(
                    rgb, (x0 - 3, y1 + border), (x1 + 3, y1 + border + 2), np.clip(wall * 1.25, 0, 255).tolist(), -1
                )
            if lintel:
                cv2.rectangle(rgb, (x0 - 3, y0 - border - 4), (x1 + 3, y0 - border), (wall * 0.75).tolist(), -1)
            cv2.rectangle(rgb, (x0 - border, y0 - border), (x1 + border, y1 + border), frame.tolist(), -1)
            cv2.rectangle(rgb, (x0, y0), (x1, y1), np.clip(pane, 0, 255).tolist(), -1)
            if rng.random() < evening:
                cv2.rectangle(lamplit, (x0, y0), (x1, y1), 255, -1)
            if rng.random() < 0.35:  # a blind
                drawn = int(height * rng.random() * 0.6)
                cv2.rectangle(rgb, (x0, y0), (x1, y0 + drawn), np.clip(pane * 0.5 + 110, 0, 255).tolist(), -1)
            if bars >= 1:
                cv2.line(rgb, ((x0 + x1) // 2, y0), ((x0 + x1) // 2, y1), frame.tolist(), 1)
            if bars >= 2:
                cv2.line(rgb, (x0, (y0 + y1) // 2), (x1, (y0 + y1) // 2), frame.tolist(), 1)


def _street_level(rng, rgb, lamplit, glass, frame, ground_floor):
    """A shop with its board, or a door and windows."""
    height, width = rgb.shape[:2]
    top = height - ground_floor
    if rng.random() < 0.5:
        board = named(rng)[1] * rng.uniform(0.5, 1.0)
        lower = top + int(0.22 * ground_floor)
        cv2.rectangle(rgb, (2, top), (width - 2, lower), np.clip(board, 0, 255).tolist(), -1)
        if rng.random() < 0.7:
            letters = "".join(rng.choice(list("ABCDEFGHKLMNOPRSTUX"), 8))
            cv2.putText(
                rgb, letters, (6, lower - 3), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255 - board).tolist(), 1, cv2.LINE_AA
            )
        window = (6, lower + 3), (width - 6, height - int(0.12 * ground_floor))
        cv2.rectangle(rgb, *window, glass.tolist(), -1)
        if rng.random() < 0.5:
            cv2.rectangle(lamplit, *window, 255, -1)
        for x in range(6, width, int(rng.integers(25, 60))):
            cv2.line(rgb, (x, lower + 3), (x, window[1][1]), frame.tolist(), 2)
        return
    colour = named(rng)[1] * rng.uniform(0.4, 0.9)
    for x in range(int(rng.integers(5, 40)), width, int(rng.integers(45, 100))):
        if rng.random() < 0.5:
            cv2.rectangle(rgb, (x - 2, height - 37), (x + 18, height), frame.tolist(), -1)
            cv2.rectangle(rgb, (x, height - 35), (x + 16, height), np.clip(colour, 0, 255).tolist(), -1)
        else:
            cv2.rectangle(rgb, (x - 2, height - 38), (x + 24, height - 12), frame.tolist(), -1)
            cv2.rectangle(rgb, (x, height - 36), (x + 22, height - 14), glass.tolist(), -1)


def _roof(rng, bank, rgb, covered, top, roof, wall):
    """A tiled roof, straight or with slanted ends, and chimneys."""
    width = rgb.shape[1]
    tiles = FlatSampler(bank, rng, roof, width, turn=0)(roof_tiles, rng.uniform(0.3, 0.7))
    shade = 1 + 0.9 * (tiles[..., None] - 0.5)
    rgb[top : top + roof] = np.clip(one_of(rng, _ROOFS, 12) * shade, 0, 255)
    if rng.random() < 0.4:
        slant = np.linspace(rng.uniform(0.05, 0.4) * width, 0, roof).astype(int)
        columns = np.arange(width)
        covered[top : top + roof] = (columns >= slant[:, None]) & (columns < width - slant[:, None])
    for _ in range(int(rng.integers(0, 3))):
        x, rise = int(rng.integers(width // 4, max(3 * width // 4, width // 4 + 1))), int(
            rng.uniform(0.5, 1.8) * PER_METRE
        )
        rows = slice(max(0, top - rise), top + roof // 2)
        rgb[rows, x : x + 10] = (wall * 0.85).astype(np.uint8)
        covered[rows, x : x + 10] = True
