"""What one step of training sees: pairs of crops of one scene, as a camera might have taken them, with what each patch
shows."""
import cv2
import numpy as np
from torch.utils.data import Dataset

from .cache import LABEL_STRIDE
from .labels import CLASSES
from .model import PATCH
from .photometry import as_photographed

# Patches along the height of a whole scene at the scale of a crop: images of short side 16 * PATCHES[0] to 16 *
# PATCHES[1].
PATCHES = (15.0, 30.0)
_ASPECT_DEVIATION = 0.12  # of the logarithm
_LABELS_PER_PATCH = 8  # along a side


class CropPairs(Dataset):
    """Item i: two crops of one scene with the same photometry, each of `side` pixels (a multiple of PATCH), as a dict
    of

    images uint8 [2, side, side, 3]; shares float32 [2, N, classes], of each class in each patch of the N = (side /
    PATCH)^2; fine int64 [2, N], class * 256 + attribute that most of the patch shows; purity float32 [2, N], its share;
    regions int64 [2, N], which is comparable between the two crops, and region_purity float32 [2, N].

    Everything is drawn from (seed, i) alone, i any integer >= 0: the place in the training, so that training can go on
    where it was. strength(i) gives the strength of the photometry, 0..1."""

    def __init__(self, cache, side, seed, strength):
        self.cache, self.side, self.seed, self.strength = cache, side, seed, strength

    def __getitem__(self, i):
        rng = np.random.default_rng([self.seed, i])
        image, labels, regions = self.cache[int(rng.integers(len(self.cache)))]
        photometry_seed = int(rng.integers(2**31))
        crops = []
        for _ in range(2):
            pixels, label, region = _cut(image, labels, regions, self.side, rng)
            pixels = as_photographed(pixels, np.random.default_rng(photometry_seed), self.strength(i))
            crops.append((pixels, *_patches(label, region)))
        names = "images", "shares", "fine", "purity", "regions", "region_purity"
        return {name: np.stack(values) for name, values in zip(names, zip(*crops))}


def _cut(image, labels, regions, side, rng):
    """A part of the scene, scaled to side x side, and half of the time mirrored."""
    height, width = image.shape[:2]
    extent = height * (side / PATCH) / rng.uniform(*PATCHES)
    aspect = np.exp(rng.normal(0, _ASPECT_DEVIATION))
    rows, columns = min(height, int(extent / np.sqrt(aspect))), min(width, int(extent * np.sqrt(aspect)))
    top, left = int(rng.integers(height - rows + 1)), int(rng.integers(width - columns + 1))
    way = cv2.INTER_AREA if rows > side else cv2.INTER_LINEAR if rng.random() < 0.5 else cv2.INTER_CUBIC
    pixels = cv2.resize(image[top : top + rows, left : left + columns], (side, side), interpolation=way)
    coarse = slice(top // LABEL_STRIDE, (top + rows) // LABEL_STRIDE), slice(
        left // LABEL_STRIDE, (left + columns) // LABEL_STRIDE
    )
    size = (side // PATCH * _LABELS_PER_PATCH,) * 2
    label, region = (cv2.resize(a[coarse], size, interpolation=cv2.INTER_NEAREST) for a in (labels, regions))
    if rng.random() < 0.5:
        pixels, label, region = pixels[:, ::-1], label[:, ::-1], region[:, ::-1]
    return np.ascontiguousarray(pixels), label, region


def _patches(label, region):
    """(shares, fine, purity, regions, region_purity) of the patches, row by row."""
    classes = by_patch(label[..., 0], _LABELS_PER_PATCH).astype(np.int64)
    count = classes.shape[1]
    shares = np.zeros((len(classes), len(CLASSES)), np.float32)
    np.add.at(shares, (np.repeat(np.arange(len(classes)), count), classes.ravel()), 1 / count)
    fine, purity = commonest(classes * 256 + by_patch(label[..., 1], _LABELS_PER_PATCH))
    return shares, fine, purity, *commonest(by_patch(region, _LABELS_PER_PATCH).astype(np.int64))


def by_patch(values, side):
    """values [rows * side, columns * side] -> [rows * columns, side * side]: those of each patch, patches row by
    row."""
    rows, columns = values.shape[0] // side, values.shape[1] // side
    return values.reshape(rows, side, columns, side).swapaxes(1, 2).reshape(rows * columns, -1)


def commonest(values):
    """(the middle of each row's sorted values, its share): the commonest value wherever one has more than half."""
    middle = np.sort(values, 1)[:, values.shape[1] // 2]
    return middle, (values == middle[:, None]).mean(1, dtype=np.float32)
