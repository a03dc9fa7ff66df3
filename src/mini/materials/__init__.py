"""Materials, one file each: paint(sample, rng) -> (float32 RGB [h, w, 3] in 0..255 by daylight, name of the attribute).

`sample` is a sampler of sampling.py; a material knows nothing of perspective, light or haze."""
from . import (
    bare_ground,
    ceiling,
    cloth,
    facade_wall,
    floor,
    foliage,
    grass,
    mountain,
    pavement,
    road,
    rock,
    sand,
    sky,
    snow,
    wall,
    water,
    wood,
)

# Class of labels.py -> what paints it.
MATERIALS = {
    "sky": sky.paint, "building": facade_wall.paint, "road": road.paint, "pavement": pavement.paint,
    "tree": foliage.paint, "grass": grass.paint, "water": water.paint, "sand": sand.paint, "snow": snow.paint,
    "rock": rock.paint, "mountain": mountain.paint, "wood": wood.paint, "dirt": bare_ground.paint, "wall": wall.paint,
    "cloth": cloth.paint, "floor": floor.paint, "ceiling": ceiling.paint,
}  # fmt: skip
GROUND = ("road", "pavement", "grass", "water", "sand", "snow", "rock", "dirt")
