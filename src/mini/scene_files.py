"""Rendered streets as files, to measure bundles on: python3 -m mini.scene_files FOLDER [--scenes N] [--first-seed S]

Writes NAME.png and NAME_labels.png with the labels of the CamVid photographs, 11 for what they do not label, so that
whatever measures on those measures on these. The seeds and textures are others than those of training."""
import argparse
from pathlib import Path

import cv2
import numpy as np

from .bank import Bank
from .labels import CLASSES
from .render import render

# Class -> label.
_LABELS = {
    "sky": 0,
    "building": 1,
    "pole": 2,
    "road": 3,
    "pavement": 4,
    "tree": 5,
    "sign": 6,
    "fence": 7,
    "car": 8,
    "bus": 8,
    "person": 9,
    "bicycle": 10,
}
_UNLABELLED = 11
_SIZE = (360, 480)  # rows, columns: the photographs'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scenes", type=int, default=60)
    parser.add_argument("--first-seed", type=int, default=50_000_000)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    bank = Bank(arguments.first_seed)
    labels = np.array([_LABELS.get(name, _UNLABELLED) for name in CLASSES], np.uint8)
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.scenes):
        scene = render(seed, bank, "street", _SIZE)
        for name, image in ((f"{seed}.png", scene.image[..., ::-1]), (f"{seed}_labels.png", labels[scene.classes])):
            if not cv2.imwrite(str(arguments.folder / name), image):
                raise SystemExit(f"{arguments.folder / name} cannot be written")


if __name__ == "__main__":
    main()
