"""A bank of textures and sprites: each is made when it is first asked for, and kept.

A maker is a function maker(rng, bank). What variant i of a maker looks like depends on the bank's seed, the maker's
name and i alone, never on what was asked for before; so the same seed gives the same scene in any process."""
import zlib

import numpy as np


class Bank:
    """seed: any integer >= 0. variants: how many different ones there are of each maker, >= 1."""

    def __init__(self, seed, variants=12):
        if seed < 0 or variants < 1:
            raise ValueError(f"bank: seed {seed} must be 0 or more, and variants {variants} 1 or more")
        self.seed = seed
        self.variants = variants
        self._made = {}

    def pick(self, maker, rng, times=1):
        """One of the times * variants variants of `maker`, drawn by rng."""
        index = int(rng.integers(self.variants * times))
        key = f"{maker.__module__}.{maker.__name__}", index
        if key not in self._made:
            self._made[key] = maker(np.random.default_rng([self.seed, zlib.crc32(key[0].encode()), index]), self)
        return self._made[key]
