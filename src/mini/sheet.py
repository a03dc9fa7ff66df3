"""Contact sheets, to be looked at: python3 -m mini.sheet FOLDER [--seed N]

Writes scenes.png (each kind of scene, its labels below), materials.png and things.png."""
import argparse
from pathlib import Path

import cv2
import numpy as np

from .bank import Bank
from .camera import Camera
from .canvas import Canvas
from .labels import CLASSES
from .light import Light
from .materials import MATERIALS
from .render import render
from .scenes import SCENES
from .things.bicycle import put_bicycle
from .things.bonnet import put_bonnet
from .things.car import put_car
from .things.car_bodies import BODIES
from .things.fence import put_fence
from .things.furniture import put_bed, put_chair, put_table
from .things.houses import put_house
from .things.person import put_person
from .things.pole import put_pole
from .things.solids import SOLIDS, put_solid
from .things.tree import put_bush, put_tree

_CELL = (144, 192)  # rows, columns
_COLUMNS = 6
_PLAIN = Light(1.0, 0.0, np.zeros(3))


def _drawers():
    """Name -> draw(canvas, camera): a thing in the middle of a cell."""
    height, width = _CELL
    x, foot = width / 2, 0.9 * height
    drawers = {
        f"car: {kind}": lambda canvas, camera, kind=kind: put_car(
            canvas, camera, 0.0, 14 if kind in ("bus", "lorry") else 7, 0.7, _PLAIN, kind
        )
        for kind in BODIES
    }
    drawers |= {
        kind: lambda canvas, camera, kind=kind: put_solid(canvas, kind, x, height / 2, 45, _PLAIN) for kind in SOLIDS
    }
    drawers |= {
        f"pole: {what}": lambda canvas, camera, what=what: put_pole(canvas, x, foot, 110, 4, _PLAIN, carries=what)
        for what in ("lamp", "sign", "signals", "nothing")
    }
    return drawers | {
        "tree: bare": lambda canvas, camera: put_tree(canvas, x, foot, 125, _PLAIN, bare=True),
        "tree: leafy": lambda canvas, camera: put_tree(canvas, x, foot, 125, _PLAIN, bare=False),
        "bush": lambda canvas, camera: put_bush(canvas, x, foot, 60, _PLAIN),
        "person": lambda canvas, camera: put_person(canvas, x, foot, 120, _PLAIN),
        "bicycle": lambda canvas, camera: put_bicycle(canvas, x, foot, 80, _PLAIN),
        "bonnet": lambda canvas, camera: put_bonnet(canvas, _PLAIN),
        "fence": lambda canvas, camera: put_fence(canvas, [(10, foot), (width - 10, foot)], [70, 50], _PLAIN),
        "house": lambda canvas, camera: put_house(canvas, 20, foot, 120, _PLAIN, 0.0),
        "table": lambda canvas, camera: put_table(canvas, camera, 0.0, 4.5, _PLAIN),
        "chair": lambda canvas, camera: put_chair(canvas, camera, 0.3, 4.0, _PLAIN),
        "bed": lambda canvas, camera: put_bed(canvas, camera, 0.0, 5.0, _PLAIN),
    }


def draw_thing(name, bank, seed):
    """A canvas of one cell with the thing before a plain ground."""
    canvas = Canvas(bank, np.random.default_rng(seed), *_CELL)
    canvas.fill(np.ones(_CELL, bool), np.array([188.0, 190, 186]), "wall")
    _DRAWERS[name](canvas, Camera(1.1 * _CELL[1], 1.5, _CELL[1] / 2, 0.35 * _CELL[0]))
    return canvas


_DRAWERS = _drawers()
THINGS = tuple(_DRAWERS)


def _coloured(classes):
    """Each class in a colour of its own."""
    palette = np.random.default_rng(3).integers(40, 230, (len(CLASSES), 3)).astype(np.uint8)
    return palette[classes]


def _titled(image, title):
    height, width = _CELL
    cell = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return cv2.putText(
        np.ascontiguousarray(cell), title, (4, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 0, 255), 1, cv2.LINE_AA
    )


def _sheet(cells):
    blank = np.zeros((*_CELL, 3), np.uint8)
    cells = cells + [blank] * (-len(cells) % _COLUMNS)
    return np.vstack([np.hstack(cells[i : i + _COLUMNS]) for i in range(0, len(cells), _COLUMNS)])


def scenes(bank, seed):
    cells = []
    for kind in SCENES:
        drawn = [render(seed + i, bank, kind) for i in range(_COLUMNS)]
        cells += [_titled(scene.image, kind) for scene in drawn] + [
            _titled(_coloured(scene.classes), "") for scene in drawn
        ]
    return _sheet(cells)


def materials(bank, seed):
    cells = []
    for name, paint in MATERIALS.items():
        for i in range(3):
            canvas = Canvas(bank, np.random.default_rng([seed, i]), *_CELL)
            rgb, attribute = paint(canvas.sampler(), canvas.rng)
            cells.append(_titled(np.clip(rgb, 0, 255).astype(np.uint8), f"{name}: {attribute}"))
    return _sheet(cells)


def things(bank, seed):
    cells = []
    for name in THINGS:
        canvas = draw_thing(name, bank, seed)
        cells += [
            _titled(np.clip(canvas.image, 0, 255).astype(np.uint8), name),
            _titled(_coloured(canvas.classes), ""),
        ]
    return _sheet(cells)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    bank = Bank(arguments.seed)
    for make in (scenes, materials, things):
        path = arguments.folder / f"{make.__name__}.png"
        if not cv2.imwrite(str(path), make(bank, arguments.seed)[..., ::-1]):
            raise SystemExit(f"{path} cannot be written")
        print(path)


if __name__ == "__main__":
    main()
