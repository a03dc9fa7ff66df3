"""Houses of the bank's facades: one seen straight on, or a row of them along a street."""
import cv2
import numpy as np

from .facade import HEIGHT, PER_METRE, facade

_LAMPLIGHT = np.array([255, 205, 130], np.float32)


def put_house(canvas, x, foot, height, light, z):
    """The left end at column x; `height` pixels is what 18 metres take at distance z. Returns the width, pixels."""
    sprite = canvas.bank.pick(facade, canvas.rng, times=8)
    size = max(3, int(height * sprite.rgb.shape[1] / HEIGHT)), max(3, int(height))
    way = cv2.INTER_AREA if height < HEIGHT else cv2.INTER_LINEAR
    rgb = cv2.resize(sprite.rgb, size, interpolation=way)
    covered, lamplit = (_nearest(mask, size) for mask in (sprite.covered, sprite.lamplit))
    rgb = _lit(canvas.rng, rgb, lamplit, light, z)
    canvas.paste(covered.astype(np.float32), covered, rgb, x, foot - size[1], "building", sprite.attribute)
    return size[0]


def put_row(canvas, camera, x, nearest, farthest, light):
    """Houses side by side in the upright plane at x metres (not 0), from `nearest` to `farthest` metres away."""
    rng = canvas.rng
    rows, columns = canvas.grid()
    across = (columns - camera.centre) * np.sign(x)
    z = camera.focal * abs(x) / np.maximum(across, 0.25)
    up = camera.height - (rows - camera.horizon) * z / camera.focal
    on_plane = (across > 0.25) & (up >= 0)
    start = nearest
    while start < farthest:
        sprite = canvas.bank.pick(facade, rng, times=8)
        per_metre = PER_METRE / rng.uniform(0.75, 1.35)
        end = start + sprite.rgb.shape[1] / per_metre
        u = ((z - start) * per_metre).astype(np.float32)
        v = (HEIGHT - 1 - up * per_metre).astype(np.float32)
        here = on_plane & (z >= start) & (z < end) & (v >= 0)
        if here.any():
            u, v = np.clip(u, 0, sprite.rgb.shape[1] - 1), np.clip(v, 0, HEIGHT - 1)
            rgb = cv2.remap(sprite.rgb, u, v, cv2.INTER_LINEAR)
            place = v.astype(int), u.astype(int)
            rgb = _lit(rng, rgb, sprite.lamplit[place], light, z)
            canvas.fill(here & sprite.covered[place], rgb, "building", sprite.attribute)
        start = end + (rng.uniform(1, 10) if rng.random() < 0.2 else 0)


def _nearest(mask, size):
    return cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0


def _lit(rng, rgb, lamplit, light, z):
    seen = light.on(rgb.astype(np.float32) * rng.uniform(0.7, 1.15), z)
    return np.where(lamplit[..., None], _LAMPLIGHT * rng.uniform(0.5, 1.0), seen) if light.night else seen
