"""Indoor floors: boards, tiles or carpet."""
from ..colour import grey, one_of, shaded
from ..textures.made import weave, wood_grain
from ..textures.masonry import slabs
from ..textures.noise import soft, white

_WOOD = ((160, 115, 70), (120, 85, 55), (190, 150, 105), (205, 180, 145))


def paint(sample, rng):
    kind = rng.random()
    if kind < 0.5:
        return (
            shaded(sample(wood_grain, rng.uniform(0.3, 0.9)), one_of(rng, _WOOD), rng.uniform(0.2, 0.5), 0.6),
            "brown",
        )
    if kind < 0.8:
        return (
            shaded(sample(slabs, rng.uniform(0.25, 0.6)), grey(rng, 110, 230, 0.25), rng.uniform(0.2, 0.5), 0.6),
            "tiled",
        )
    texture = 0.5 * sample(weave) + 0.3 * sample(white) + 0.2 * sample(soft)
    return shaded(texture, one_of(rng, ((120, 110, 100), (90, 95, 110), (130, 70, 65), (90, 110, 85)), 15), 0.5), "none"
