"""Smooth polygons, lines and discs over a canvas. Each is drawn in colour and, if it names a layer, into that layer's
mask; `finish` puts the drawing on the canvas and labels the layers in the order of their names' first use."""
import cv2
import numpy as np

_SHIFT = 4  # OpenCV takes coordinates in 1/16 pixel
_FAR = 4000  # pixels: corners are cut off there, before 32-bit coordinates end


class Sketch:
    def __init__(self, canvas):
        self.canvas = canvas
        self.image = np.clip(canvas.image, 0, 255).astype(np.uint8)
        self._touched = np.zeros(self.image.shape[:2], np.uint8)
        self.layers = {}

    def _masks(self, layer):
        if layer is None:
            return (self._touched,)
        blank = self.layers.setdefault(layer, np.zeros_like(self._touched))
        return self._touched, blank

    def polygon(self, points, colour, layer=None):
        """points [n, 2], pixels. colour None: into the layer alone."""
        corners = [np.round(np.clip(points, -_FAR, _FAR) * 2**_SHIFT).astype(np.int32)]
        if colour is not None:
            cv2.fillPoly(self.image, corners, _bytes(colour), cv2.LINE_AA, _SHIFT)
        for mask in self._masks(layer):
            cv2.fillPoly(mask, corners, 255, cv2.LINE_8, _SHIFT)

    def line(self, points, colour, width, layer=None):
        points = [np.round(np.clip(points, -_FAR, _FAR)).astype(np.int32)]
        width = max(1, int(round(width)))
        cv2.polylines(self.image, points, False, _bytes(colour), width, cv2.LINE_AA)
        for mask in self._masks(layer):
            cv2.polylines(mask, points, False, 255, width)

    def disc(self, centre, radius, colour, layer=None, squeeze=1.0):
        """squeeze: height over width."""
        angle = np.linspace(0, 2 * np.pi, 20, endpoint=False)
        circle = np.stack([np.cos(angle), squeeze * np.sin(angle)], 1)
        self.polygon(np.asarray(centre) + max(radius, 0.6) * circle, colour, layer)

    def finish(self, labels):
        """labels: {layer: (class, attribute)}. False if nothing of it lies on the canvas."""
        # Smooth edges reach a pixel beyond the mask.
        changed = cv2.dilate(self._touched, np.ones((3, 3), np.uint8)) > 0
        self.canvas.image[changed] = self.image[changed]
        drawn = False
        for layer, mask in self.layers.items():
            if mask.any():
                self.canvas.label(mask > 0, *labels[layer])
                drawn = True
        return drawn


def _bytes(colour):
    return tuple(float(c) for c in np.clip(colour, 0, 255))
