"""mIoU, Boundary IoU and pixel accuracy of label maps, by NumPy and OpenCV: an independent computation that the tests
compare with.

    measure.py CLASSES IGNORE TRUTH PREDICTION [TRUTH PREDICTION ...]

Boundary IoU as published: a class's boundary is its mask less the mask eroded by a 3 x 3 square round(0.02 * diagonal)
times, beyond the image counting as outside; intersections and unions are summed over all images."""
import json
import sys

import cv2
import numpy as np
from PIL import Image


def boundary(mask):
    height, width = mask.shape
    steps = max(1, int(round(0.02 * np.sqrt(height**2 + width**2))))
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    eroded = cv2.erode(padded, np.ones((3, 3), np.uint8), iterations=steps)[1:-1, 1:-1]
    return mask & (eroded == 0)


def main():
    classes, ignore = int(sys.argv[1]), int(sys.argv[2])
    files = sys.argv[3:]
    sums = np.zeros((4, classes), np.int64)  # intersection, union, and both of boundaries
    right = pixels = 0
    for truth_file, prediction_file in zip(files[::2], files[1::2]):
        truth = np.array(Image.open(truth_file))  # of an indexed PNG the indices
        prediction = np.array(Image.open(prediction_file))
        valid = truth != ignore
        right += int((truth == prediction)[valid].sum())
        pixels += int(valid.sum())
        for c in range(classes):
            true, predicted = (truth == c) & valid, (prediction == c) & valid
            true_boundary, predicted_boundary = boundary(true), boundary(predicted)
            sums[:, c] += [
                (true & predicted).sum(),
                (true | predicted).sum(),
                (true_boundary & predicted_boundary).sum(),
                (true_boundary | predicted_boundary).sum(),
            ]
    with np.errstate(invalid="ignore"):
        iou, boundary_iou = sums[0] / sums[1], sums[2] / sums[3]
    print(
        json.dumps(
            {
                "miou": float(np.nanmean(iou)),
                "boundary_iou": float(np.nanmean(boundary_iou)),
                "pixel_accuracy": right / pixels,
                "pixels": pixels,
                "iou": [None if np.isnan(x) else float(x) for x in iou],
                "boundary": [None if np.isnan(x) else float(x) for x in boundary_iou],
            }
        )
    )


main()
