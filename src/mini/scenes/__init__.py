"""Scenes, one file each: paint(canvas) paints a canvas whole and labels every pixel."""
from . import frontal_street, landscape, mosaic, objects, room, street

# Name -> (what paints it, its share of all scenes).
SCENES = {
    "street": (street.paint, 0.46), "frontal_street": (frontal_street.paint, 0.1), "landscape": (landscape.paint, 0.15),
    "room": (room.paint, 0.07), "mosaic": (mosaic.paint, 0.14), "objects": (objects.paint, 0.08),
}  # fmt: skip
