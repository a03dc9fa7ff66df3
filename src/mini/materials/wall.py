"""A plain wall, plastered, painted or of brick, without windows."""
from ..colour import grey, named, one_of, shaded
from ..textures.masonry import bricks
from ..textures.noise import grainy, soft

_BRICK = ((150, 90, 70), (165, 125, 95), (110, 85, 72), (180, 165, 140))


def paint(sample, rng):
    if rng.random() < 0.35:
        texture = 0.7 * sample(bricks, rng.uniform(0.3, 1.0)) + 0.3 * sample(soft)
        return shaded(texture, one_of(rng, _BRICK), rng.uniform(0.3, 0.7), 0.6), "brick"
    colour = grey(rng, 120, 245, 0.25)
    if rng.random() < 0.2:  # painted, the colour thinned with white
        colour = 0.45 * named(rng)[1] + 0.55 * 235
    texture = 0.3 + 0.25 * sample(soft, 2.0) + 0.15 * sample(grainy)
    return shaded(texture, colour, rng.uniform(0.1, 0.4)), "plaster"
