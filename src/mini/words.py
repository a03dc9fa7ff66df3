"""The language of the encoders: how classes, attributes and colours are called, and words that nothing here shows."""
from .labels import ATTRIBUTES, CLASSES, COLOURS

# Class -> what it is called; a name that stands several times is drawn as often.
SYNONYMS = {
    "sky": ["sky"] * 2 + ["the sky", "skies", "open sky"],
    "building": ["building"] * 3
    + [
        "buildings",
        "house",
        "houses",
        "facade",
        "architecture",
        "apartment block",
        "office building",
        "shop",
        "tower block",
        "city building",
    ],
    "road": ["road"] * 2 + ["street", "asphalt", "roadway", "tarmac", "highway", "lane", "asphalt road"],
    "pavement": ["pavement"] * 2 + ["sidewalk"] * 2 + ["footpath", "walkway", "paving", "paving stones", "footway"],
    "tree": ["tree"] * 3
    + [
        "trees",
        "foliage",
        "leaves",
        "bush",
        "shrub",
        "hedge",
        "vegetation",
        "plant",
        "plants",
        "greenery",
        "forest",
        "woods",
    ],
    "grass": ["grass"] * 2 + ["lawn", "meadow", "turf", "field", "grassland"],
    "water": ["water"] * 2 + ["sea", "river", "lake", "ocean", "pond"],
    "sand": ["sand"] * 2 + ["beach", "desert", "dune", "sandy ground"],
    "snow": ["snow"] * 2 + ["snowy ground", "snowfield", "ice"],
    "rock": ["rock"] * 2 + ["rocks", "stone", "boulder", "cliff"],
    "mountain": ["mountain"] * 2 + ["mountains", "hill", "hills", "ridge"],
    "car": ["car"] * 3 + ["cars", "automobile", "vehicle", "truck", "van", "taxi", "sedan", "suv", "lorry"],
    "bus": ["bus"] * 2 + ["coach", "double decker bus"],
    "person": ["person"] * 2 + ["people", "human", "man", "woman", "pedestrian", "pedestrian", "child", "boy", "girl"],
    "fence": ["fence"] * 2 + ["railing", "fencing", "guard rail", "barrier"],
    "pole": ["pole"] * 2 + ["post", "lamp post", "street light", "column"],
    "sign": ["sign"] * 2 + ["traffic sign", "signboard", "traffic light", "billboard", "road sign"],
    "wood": ["wood"] * 2 + ["timber", "wooden planks", "plank"],
    "dirt": ["dirt"] * 2 + ["soil", "earth", "mud", "bare ground", "terrain"],
    "wall": ["wall"] * 2 + ["plain wall", "plaster wall"],
    "cloth": ["cloth"] * 2 + ["fabric", "textile", "curtain", "blanket", "towel"],
    "ball": ["ball"] * 2 + ["sphere"],
    "box": ["box"] * 2 + ["cube", "crate"],
    "cone": ["cone"] * 2 + ["traffic cone"],
    "ring": ["ring"] * 2 + ["hoop"],
    "star": ["star"],
    "table": ["table"] * 2 + ["desk", "tabletop"],
    "bicycle": ["bicycle"] * 2 + ["bike", "cycle", "bicyclist", "cyclist"],
    "floor": ["floor"] * 2 + ["flooring", "wooden floor", "tiled floor", "carpet"],
    "ceiling": ["ceiling"],
    "window": ["window"] * 2 + ["windows", "window pane"],
    "door": ["door"] * 2 + ["doors", "doorway"],
    "chair": ["chair"] * 2 + ["chairs", "seat", "stool"],
    "bed": ["bed"] * 2 + ["mattress"],
}

# (class, attribute) -> what the two together are called, where it is not "ATTRIBUTE CLASS".
PHRASES = {
    ("sky", "cloudy"): ["cloudy sky", "clouds", "sky with clouds"],
    ("sky", "overcast"): ["overcast sky", "gray sky", "white sky"],
    ("sky", "sunset"): ["sunset sky", "sunset"],
    ("sky", "dark"): ["dark sky", "night sky"],
    ("sky", "blue"): ["blue sky", "clear sky"],
    ("tree", "bare"): ["bare tree", "leafless tree", "bare branches", "winter tree"],
    ("tree", "autumn"): ["autumn tree", "autumn leaves"],
    ("tree", "green"): ["green tree", "leafy tree", "green leaves"],
    ("road", "dark"): ["dark road", "dark asphalt"],
    ("road", "gray"): ["gray road", "gray asphalt"],
    ("road", "wet"): ["wet road", "wet asphalt"],
    ("pavement", "tiled"): ["tiled pavement", "paved tiles", "paving slabs"],
    ("pavement", "brick"): ["brick pavement", "brick paving"],
    ("pavement", "stone"): ["stone pavement", "cobblestone"],
    ("pavement", "concrete"): ["concrete pavement", "concrete"],
    ("building", "glass"): ["glass building", "glass facade"],
    ("building", "plaster"): ["plaster building", "painted house"],
    ("building", "brick"): ["brick building", "brick house", "brick facade"],
    ("building", "stone"): ["stone building"],
    ("building", "concrete"): ["concrete building", "concrete facade"],
    ("wall", "brick"): ["brick wall", "bricks"],
    ("wall", "plaster"): ["plaster wall", "painted wall"],
}

TEMPLATES = [
    "a photo of a {}",
    "a photo of a {}",
    "a photo of a {}.",
    "a photo of the {}.",
    "{}",
    "{}",
    "a {}",
    "the {}",
    "a picture of a {}",
    "an image of a {}",
    "a bad photo of a {}.",
    "a photo of many {}.",
    "a blurry photo of a {}.",
    "a close-up photo of a {}.",
    "a bright photo of a {}.",
    "a dark photo of the {}.",
    "a photo of one {}.",
    "a cropped photo of a {}.",
    "there is a {} in the scene.",
    "a {} in the scene",
    "a photo of {}",
]

# What nothing of the renderer shows: their texts are to be like no patch at all. The second list is never trained with
# and measures whether a word that was never seen is told from the known ones.
UNKNOWN = (
    "dog cat horse sheep cow elephant bear giraffe bird duck fish snake monkey rabbit mouse insect "
    "butterfly animal cattle pig goat "
    "airplane train boat ship helicopter rocket tractor motorcycle scooter bridge tunnel railway harbour "
    "umbrella handbag suitcase "
    "backpack tie hat shoe glove jacket shirt sock bottle cup bowl plate fork knife spoon banana apple sandwich carrot "
    "pizza cake bread cheese egg soup coffee tea wine television screen keyboard telephone camera clock "
    "vase scissors teddy toaster "
    "oven sink refrigerator book newspaper letter candle mirror sofa couch shelf cupboard drawer pillow "
    "toilet bathtub shower "
    "stairs escalator fountain statue tent flag balloon kite skateboard surfboard racket guitar piano "
    "drum violin trumpet sword "
    "hammer wheel engine machine tool ladder rope chain key coin money medal crown diamond gold flower "
    "rose tulip mushroom cactus "
    "fruit vegetable pumpkin potato tomato fire smoke lightning rainbow moon sun planet cloudburst "
    "waterfall volcano island cave "
    "face hand eye hair foot skeleton robot dragon ghost castle church temple windmill lighthouse "
    "stadium swimming pool playground"
).split()
UNKNOWN_HELD_OUT = (
    "zebra laptop whale lion tiger penguin lobster spider canoe submarine parachute tram hotdog broccoli "
    "doughnut strawberry milk "
    "microwave remote hairdryer toothbrush frisbee snowboard necklace teapot wardrobe carousel pyramid "
    "accordion microscope"
).split()

_KNOWN_BESIDE = "object objects thing things something color colour scene outdoor indoor"
COLOUR_QUESTIONS = ["{} object", "{} thing", "{}", "{} something", "{} color", "something {}"]


def phrases_of(name, attribute):
    """What a class with an attribute is called."""
    return PHRASES.get((name, attribute)) or [f"{attribute} {synonym}" for synonym in dict.fromkeys(SYNONYMS[name])]


def known_prompts():
    """Every class and phrase once: what the bundle may be asked for without a warning."""
    return list(
        dict.fromkeys(
            [p for names in SYNONYMS.values() for p in names] + [p for names in PHRASES.values() for p in names]
        )
    )


def known_words():
    """The single words of everything that is said in training about what is shown, sorted."""
    said = [*known_prompts(), *TEMPLATES, *COLOUR_QUESTIONS, *COLOURS, *ATTRIBUTES, _KNOWN_BESIDE]
    return sorted(
        {word for text in said for word in text.replace("{}", " ").replace(".", " ").replace("-", " ").split()}
    )


assert set(SYNONYMS) == set(CLASSES[1:]), "words.py and labels.py name the same classes"
