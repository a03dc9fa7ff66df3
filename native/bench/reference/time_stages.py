#!/usr/bin/env python3
"""Times the four stages of the reference on the arrays of a folder and leaves its solutions there.

    python3 time_stages.py FOLDER
FOLDER holds `sizes` (H W N D C), and raw row-major arrays: image [H,W,3] u8, features [N,D], centres [N,2],
patch_scores [N,C], pixel_scores [H*W,C] f32. Written: `times` (stage milliseconds, one a line), patch_solution and
pixel_solution, f64. Each stage runs once: it takes seconds.
"""
import sys
import time
from pathlib import Path

import numpy as np

import lposs_reference as ref


def main(folder):
    height, width, patches, dimensions, classes = map(int, (folder / "sizes").read_text().split())

    def array(name, dtype, *shape):
        return np.fromfile(folder / name, dtype).reshape(shape)

    image = array("image", np.uint8, height, width, 3) / 255.0
    features = array("features", np.float32, patches, dimensions)
    centres = array("centres", np.float32, patches, 2)
    times = {}

    def timed(name, function):
        begin = time.perf_counter()
        result = function()
        times[name] = 1e3 * (time.perf_counter() - begin)
        return result

    graph = timed("patch_graph", lambda: ref.patch_graph(features, centres))
    scores = array("patch_scores", np.float32, patches, classes)
    timed("patch_solve", lambda: ref.propagate(graph, scores)).tofile(folder / "patch_solution")
    graph = timed("pixel_graph", lambda: ref.pixel_graph(image))
    scores = array("pixel_scores", np.float32, height * width, classes)
    timed("pixel_solve", lambda: ref.propagate(graph, scores)).tofile(folder / "pixel_solution")
    (folder / "times").write_text("".join(f"{name} {ms}\n" for name, ms in times.items()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
