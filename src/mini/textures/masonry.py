"""Laid stones: bricks, slabs, cobbles and roof tiles."""
import numpy as np

from .noise import SIZE, power_noise


def _courses(rng, height, width, shift, tone, joint, joint_tone):
    """Rows of stones of height x width texels, each of a tone of its own, every second row shifted; joints between."""
    y, x = np.mgrid[:SIZE, :SIZE]
    row = y // height
    x = (x + (row % 2) * shift) % SIZE
    tones = 0.5 + tone * rng.normal(size=(SIZE // height, SIZE // width))
    image = tones[row, x // width]
    in_joint = (y % height < joint) | (x % width < joint)
    return np.where(in_joint, joint_tone(image), image)


def bricks(rng, bank):
    height = int(rng.choice([16, 32]))
    width = height * int(rng.choice([2, 4]))
    mortar, joint = rng.uniform(0.15, 0.95), max(1, int(height * rng.uniform(0.06, 0.16)))
    laid = _courses(rng, height, width, width // 2, rng.uniform(0.05, 0.16), joint, lambda image: mortar)
    return np.clip(laid + 0.25 * (power_noise(rng, 0.8) - 0.5), 0, 1).astype(np.float32)


def slabs(rng, bank):
    height = int(rng.choice([32, 64, 128]))
    width = min(SIZE, height * int(rng.choice([1, 2])))
    change = rng.uniform(0.1, 0.35) * (1 if rng.random() < 0.2 else -1)
    shift = width // 2 * int(rng.integers(2))
    joint = max(1, int(height * rng.uniform(0.02, 0.06)))
    laid = _courses(rng, height, width, shift, rng.uniform(0.02, 0.1), joint, lambda image: image + change)
    return np.clip(laid + 0.3 * (power_noise(rng, 1.0) - 0.5), 0, 1).astype(np.float32)


def cobbles(rng, bank):
    """Nearest and second nearest point of a jittered grid: their difference of distance is small in a joint."""
    count = int(rng.choice([8, 12, 16, 24]))
    points = rng.uniform(0.1, 0.9, (count, count, 2))
    tones = rng.random((count, count))
    y, x = np.mgrid[:SIZE, :SIZE] * (count / SIZE)
    nearest, second = np.full((SIZE, SIZE), 9.0), np.full((SIZE, SIZE), 9.0)
    tone = np.zeros((SIZE, SIZE))
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            cy, cx = np.floor(y).astype(int) + dy, np.floor(x).astype(int) + dx
            point = points[cy % count, cx % count]
            distance = np.hypot(cx + point[..., 0] - x, cy + point[..., 1] - y)
            closer = distance < nearest
            second = np.where(closer, nearest, np.minimum(second, distance))
            tone = np.where(closer, tones[cy % count, cx % count], tone)
            nearest = np.minimum(nearest, distance)
    joint = (second - nearest) < rng.uniform(0.1, 0.2)
    laid = 0.5 + 0.25 * (tone - 0.5) - 0.35 * joint
    return np.clip(laid + 0.3 * (power_noise(rng, 1.0) - 0.5), 0, 1).astype(np.float32)


def roof_tiles(rng, bank):
    pitch = int(rng.choice([16, 32]))
    y, x = np.mgrid[:SIZE, :SIZE]
    shade = 0.5 + 0.25 * ((y % pitch) / pitch - 0.5) - 0.2 * (y % pitch < 3)
    seam = (x + (y // pitch % 2) * pitch // 2) % pitch < 2
    return np.clip(shade - 0.12 * seam + 0.4 * (power_noise(rng, 1.0) - 0.5), 0, 1).astype(np.float32)
