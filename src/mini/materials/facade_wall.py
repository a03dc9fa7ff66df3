"""A building that fills the image: a facade repeated and seen at a slant."""
import cv2
import numpy as np

from ..things.facade import facade


def paint(sample, rng):
    height, width = sample.shape
    sprite = sample.bank.pick(facade, rng, times=8)
    top = min(int(np.argmax(sprite.covered.any(1))) + 20, 200)
    tile = cv2.resize(sprite.rgb[top:], None, fx=rng.uniform(0.5, 2.0), fy=rng.uniform(0.5, 2.0))
    tiled = np.tile(tile, (height // tile.shape[0] + 1, width // tile.shape[1] + 1, 1))[:height, :width]
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    moved = corners + rng.normal(0, 0.1 * width, (4, 2)).astype(np.float32)
    slanted = cv2.warpPerspective(
        tiled.astype(np.float32),
        cv2.getPerspectiveTransform(corners, moved),
        (width, height),
        borderMode=cv2.BORDER_REFLECT,
    )
    return slanted, sprite.attribute
