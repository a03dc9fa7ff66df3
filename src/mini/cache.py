"""Scenes rendered ahead, for training: python3 -m mini.cache FOLDER [--scenes N] [--first-seed S] [--workers W]

The folder holds parts of 200 scenes, each three .npy files and written whole or not at all, so that rendering goes on
where it was interrupted; its name for them carries the renderer's version. A part's scenes depend on its number and the
first seed alone, not on how many workers rendered it."""
import argparse
import os
from multiprocessing import Pool
from pathlib import Path

import cv2
import numpy as np

from .bank import Bank
from .render import SIZE, VERSION, render

PART = 200  # scenes
LABEL_STRIDE = 2  # pixels of the image per pixel of its labels
_NAMES = ("images", "labels", "regions")


class Cache:
    """Scene i of a folder: images uint8 [h, w, 3]; labels uint8 [h/2, w/2, 2], class and attribute; regions uint16
    [h/2, w/2]. Mapped, not read."""

    def __init__(self, folder, first_seed=0, scenes=None):
        parts = sorted(p for p in Path(folder).glob(f"{_prefix(first_seed)}-*") if p.suffix != ".partial")
        if not parts:
            raise FileNotFoundError(
                f"{folder} holds no scenes of seed {first_seed} by version {VERSION} of the renderer; "
                f"make them with mini.cache"
            )
        expected = [_part(folder, first_seed, k) for k in range(len(parts))]
        if parts != expected:
            raise FileNotFoundError(
                f"{folder} lacks {next(p for p in expected if p not in parts)}; finish it with mini.cache"
            )
        self._parts = [{name: np.load(part / f"{name}.npy", mmap_mode="r") for name in _NAMES} for part in parts]
        held = PART * len(parts)
        if scenes is not None and scenes > held:
            raise FileNotFoundError(
                f"{folder} holds {held} scenes of seed {first_seed}, fewer than {scenes}; make more with mini.cache"
            )
        self._length = held if scenes is None else scenes

    def __len__(self):
        return self._length

    def __getitem__(self, i):
        if not 0 <= i < self._length:
            raise IndexError(f"scene {i} of {self._length}")
        part = self._parts[i // PART]
        return tuple(part[name][i % PART] for name in _NAMES)


def _prefix(first_seed):
    return f"scenes-v{VERSION}-s{first_seed}"


def _part(folder, first_seed, k):
    return Path(folder) / f"{_prefix(first_seed)}-{k:04d}"


def render_part(job):
    """job: (folder, first_seed, k). The scenes first_seed + PART * k and on, with a bank of their own."""
    folder, first_seed, k = job
    cv2.setNumThreads(1)
    final = _part(folder, first_seed, k)
    partial = final.with_name(f"{final.name}.partial")
    partial.mkdir(exist_ok=True)
    height, width = SIZE
    coarse = (PART, height // LABEL_STRIDE, width // LABEL_STRIDE)
    images = np.empty((PART, height, width, 3), np.uint8)
    labels, regions = np.empty((*coarse, 2), np.uint8), np.empty(coarse, np.uint16)
    bank = Bank(first_seed + k)
    for i in range(PART):
        scene = render(first_seed + PART * k + i, bank, size=SIZE)
        every = slice(1, None, LABEL_STRIDE), slice(1, None, LABEL_STRIDE)
        images[i], regions[i] = scene.image, scene.regions[every]
        labels[i] = np.stack([scene.classes[every], scene.attributes[every]], -1)
    for name, array in zip(_NAMES, (images, labels, regions)):
        np.save(partial / f"{name}.npy", array)
    os.rename(partial, final)
    return final


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scenes", type=int, default=10_000, help=f"a multiple of {PART}")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    if arguments.scenes < 1 or arguments.scenes % PART:
        parser.error(f"--scenes {arguments.scenes} must be a multiple of {PART}, 1 part or more")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    jobs = [(arguments.folder, arguments.first_seed, k) for k in range(arguments.scenes // PART)]
    jobs = [job for job in jobs if not _part(*job).exists()]
    with Pool(arguments.workers) as pool:
        for done, part in enumerate(pool.imap_unordered(render_part, jobs), 1):
            print(f"{part.name} ({done} of {len(jobs)})", flush=True)


if __name__ == "__main__":
    main()
