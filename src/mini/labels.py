"""Ids of what a pixel can show: a class, and one attribute (a colour, a pattern, a kind).

Ids are positions in CLASSES and ATTRIBUTES and are stored in caches: append, never reorder."""

CLASSES = (
    "void", "sky", "building", "road", "pavement", "tree", "grass", "water", "sand", "snow", "rock", "mountain", "car",
    "bus", "person", "fence", "pole", "sign", "wood", "dirt", "wall", "cloth", "ball", "box", "cone", "ring", "star",
    "table", "bicycle", "floor", "ceiling", "window", "door", "chair", "bed",
)  # fmt: skip
CLASS_ID = {name: id for id, name in enumerate(CLASSES)}

# sRGB, 0..255, of a surface in plain daylight.
COLOURS = {
    "red": (200, 35, 35), "orange": (235, 130, 30), "yellow": (235, 210, 50), "green": (45, 140, 55),
    "blue": (40, 80, 190), "purple": (120, 50, 150), "pink": (235, 140, 180), "brown": (110, 70, 40),
    "black": (25, 25, 27), "white": (235, 235, 232), "gray": (130, 130, 132),
}  # fmt: skip
ATTRIBUTES = (
    "none", *COLOURS, "striped", "checkered", "dotted", "brick", "stone", "concrete", "glass", "plaster", "cloudy",
    "overcast", "sunset", "bare", "autumn", "wet", "tiled", "dark",
)  # fmt: skip
ATTRIBUTE_ID = {name: id for id, name in enumerate(ATTRIBUTES)}
