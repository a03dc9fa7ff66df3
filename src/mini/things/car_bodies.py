"""Shapes of cars: outlines seen from the side, in metres, from the rear bumper over the roof to the front one."""
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Body:
    length: float
    width: float
    outline: np.ndarray  # [n, 2]: along (negative is the rear), up
    glazed: tuple  # pieces of the outline, by their first corner, that are windscreens
    side_window: np.ndarray  # [4, 2]: lower rear, upper rear, upper front, lower front
    share: float  # of all cars


def _body(length, width, outline, glazed, side_window, share):
    return Body(length, width, np.array(outline), glazed, np.array(side_window), share)


BODIES = {
    "saloon": _body(4.5, 1.75, [(-2.25, 0.3), (-2.25, 0.8), (-2.15, 0.95), (-1.6, 1.0), (-0.95, 1.42), (0.35, 1.44),
                                (1.1, 1.0), (2.1, 0.85), (2.25, 0.65), (2.25, 0.3)], (3, 5),
                    [(-1.45, 1.0), (-0.9, 1.36), (0.3, 1.38), (0.95, 1.0)], 0.27),
    "hatchback": _body(3.9, 1.7, [(-1.95, 0.3), (-1.95, 0.85), (-1.8, 1.0), (-1.5, 1.46), (0.1, 1.5), (0.95, 1.02),
                                  (1.8, 0.85), (1.95, 0.6), (1.95, 0.3)], (2, 4),
                       [(-1.55, 1.0), (-1.35, 1.4), (0.1, 1.43), (0.8, 1.02)], 0.29),
    "suv": _body(4.6, 1.9, [(-2.3, 0.4), (-2.3, 1.0), (-2.2, 1.15), (-2.0, 1.75), (0.4, 1.8), (1.2, 1.2), (2.2, 1.05),
                            (2.3, 0.8), (2.3, 0.4)], (2, 4),
                 [(-2.0, 1.15), (-1.85, 1.68), (0.35, 1.72), (1.05, 1.2)], 0.14),
    "van": _body(5.2, 2.0, [(-2.6, 0.35), (-2.6, 1.1), (-2.55, 2.2), (1.4, 2.3), (2.1, 1.3), (2.55, 1.1), (2.6, 0.7),
                            (2.6, 0.35)], (1, 3), [(0.5, 1.3), (0.5, 1.95), (1.35, 2.0), (1.9, 1.3)], 0.14),
    "bus": _body(10.5, 2.5, [(-5.2, 0.35), (-5.2, 1.4), (-5.15, 3.1), (5.1, 3.15), (5.2, 1.2), (5.25, 0.35)], (1, 3),
                 [(-4.8, 1.3), (-4.8, 2.4), (4.8, 2.4), (4.8, 1.3)], 0.09),
    "lorry": _body(7.5, 2.4, [(-3.7, 0.5), (-3.7, 1.0), (-3.7, 3.2), (1.6, 3.2), (1.65, 2.5), (3.3, 2.4), (3.6, 1.3),
                              (3.7, 0.4)], (5,), [(2.0, 1.5), (2.0, 2.2), (3.1, 2.2), (3.3, 1.5)], 0.07),
}  # fmt: skip
