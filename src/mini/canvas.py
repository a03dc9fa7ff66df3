"""What a scene is painted on: an image and, of each pixel, its class, attribute and region."""
import numpy as np

from .labels import ATTRIBUTE_ID, CLASS_ID
from .sampling import FlatSampler


class Canvas:
    """image: float32 [h, w, 3], RGB 0..255, not clipped before the end. classes, attributes: uint8 [h, w], ids of
    labels.py. regions: uint16 [h, w], one number per thing or surface painted. lamps: what shines at night, as
    (x, y, radius of its pool of light, radius of its glare, RGB 0..1), pixels."""

    def __init__(self, bank, rng, height, width):
        self.bank, self.rng = bank, rng
        self.height, self.width = height, width
        self.image = np.zeros((height, width, 3), np.float32)
        self.classes = np.zeros((height, width), np.uint8)
        self.attributes = np.zeros((height, width), np.uint8)
        self.regions = np.zeros((height, width), np.uint16)
        self.lamps = []
        self._region = 0

    def sampler(self, turn=0.2):
        return FlatSampler(self.bank, self.rng, self.height, self.width, turn)

    def grid(self):
        """(rows, columns), float32 [h, w]."""
        return np.mgrid[: self.height, : self.width].astype(np.float32)

    def label(self, mask, name, attribute="none"):
        """The pixels of mask (bool [h, w]) become a new region."""
        self._region += 1
        self.classes[mask] = CLASS_ID[name]
        self.attributes[mask] = ATTRIBUTE_ID[attribute]
        self.regions[mask] = self._region

    def fill(self, mask, rgb, name, attribute="none"):
        """rgb: one colour, or [h, w, 3]."""
        rgb = np.asarray(rgb, np.float32)
        self.image[mask] = rgb[mask] if rgb.ndim == 3 else rgb
        self.label(mask, name, attribute)

    def paste(self, opacity, mask, rgb, left, top, name, attribute="none"):
        """A sprite with its upper left corner at (left, top), cut at the canvas: opacity float [h, w] in 0..1, mask
        bool [h, w] of what bears the label, rgb a colour or [h, w, 3]."""
        left, top = int(left), int(top)
        height, width = opacity.shape
        x0, y0, x1, y1 = max(0, left), max(0, top), min(self.width, left + width), min(self.height, top + height)
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        part = slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)
        here = slice(y0, y1), slice(x0, x1)
        rgb = np.asarray(rgb, np.float32)
        rgb = rgb[part] if rgb.ndim == 3 else rgb
        self.image[here] += opacity[part][..., None] * (rgb - self.image[here])
        whole = np.zeros((self.height, self.width), bool)
        whole[here] = mask[part]
        self.label(whole, name, attribute)
