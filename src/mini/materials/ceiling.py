"""White ceilings, some of panels."""
from ..colour import grey, shaded
from ..textures.masonry import slabs
from ..textures.noise import soft


def paint(sample, rng):
    texture = 0.4 + 0.2 * sample(soft, 2.0)
    if rng.random() < 0.25:
        texture = 0.6 * texture + 0.4 * sample(slabs, rng.uniform(0.6, 1.2))
    return shaded(texture, grey(rng, 180, 250, 0.12), rng.uniform(0.05, 0.25)), "white"
