"""Shadows on the ground under things."""
import cv2
import numpy as np

_FAR = 4000  # pixels


def put_shadow(canvas, corners, blur, depth):
    """Darkens the polygon (pixels [n, 2]) by `depth` (0..1), its edge softened over `blur` pixels."""
    kernel = int(np.clip(blur, 1, 60)) | 1
    mask = np.zeros((canvas.height, canvas.width), np.uint8)
    cv2.fillPoly(mask, [np.round(np.clip(corners, -_FAR, _FAR)).astype(np.int32)], 255)
    if mask.any():
        shadow = cv2.blur(mask, (kernel, kernel)).astype(np.float32) / 255
        canvas.image *= 1 - depth * shadow[..., None]
