"""The renderer of src/mini: a seed gives the same scene, and labels fit images."""
import sys
import unittest
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))
from mini import sheet  # noqa: E402
from mini.bank import Bank  # noqa: E402
from mini.canvas import Canvas  # noqa: E402
from mini.labels import ATTRIBUTE_ID, ATTRIBUTES, CLASS_ID, CLASSES  # noqa: E402
from mini.lens import photograph  # noqa: E402
from mini.light import Light  # noqa: E402
from mini.materials import MATERIALS  # noqa: E402
from mini.render import render  # noqa: E402
from mini.scenes import SCENES  # noqa: E402
from mini.scenes.setting import put_outdoor_things  # noqa: E402
from mini.things.pole import put_pole  # noqa: E402

SMALL = (96, 128)
SEEDS = range(8)


def arrays(scene):
    return scene.image, scene.classes, scene.attributes, scene.regions


class Seeds(unittest.TestCase):
    def test_a_seed_gives_the_same_bits_whatever_was_drawn_before(self):
        first, second = Bank(5), Bank(5)
        for kind in SCENES:
            render(99, second, "objects", SMALL)  # asks the second bank for other textures in another order
            for a, b in zip(arrays(render(7, first, kind, SMALL)), arrays(render(7, second, kind, SMALL))):
                np.testing.assert_array_equal(a, b, kind)

    def test_another_seed_of_scene_or_bank_gives_another_scene(self):
        bank = Bank(5)
        for kind in SCENES:
            scene = render(7, bank, kind, SMALL)
            self.assertTrue((scene.image != render(8, bank, kind, SMALL).image).any(), kind)
            self.assertTrue((scene.image != render(7, Bank(6), kind, SMALL).image).any(), kind)

    def test_kinds_are_drawn_by_their_shares(self):
        bank = Bank(5)
        kinds = [render(seed, bank, size=(32, 32)).kind for seed in range(60)]
        self.assertGreater(kinds.count("street"), kinds.count("room"))
        self.assertGreaterEqual(len(set(kinds)), 4)
        self.assertAlmostEqual(sum(share for _, share in SCENES.values()), 1)


class Labels(unittest.TestCase):
    def test_every_pixel_of_a_scene_has_a_class_an_attribute_and_a_region(self):
        bank = Bank(1)
        for kind in SCENES:
            for seed in SEEDS:
                scene = render(seed, bank, kind, SMALL)
                self.assertEqual([a.shape[:2] for a in arrays(scene)], [SMALL] * 4)
                self.assertEqual([a.dtype for a in arrays(scene)], [np.uint8, np.uint8, np.uint8, np.uint16])
                self.assertTrue((scene.classes > 0).all(), f"{kind} {seed} has pixels without a class")
                self.assertTrue((scene.regions > 0).all())
                self.assertLess(scene.classes.max(), len(CLASSES))
                self.assertLess(scene.attributes.max(), len(ATTRIBUTES))

    def test_a_region_is_of_one_class_and_attribute(self):
        bank = Bank(1)
        for kind in SCENES:
            scene = render(3, bank, kind, SMALL)
            for region in np.unique(scene.regions):
                here = scene.regions == region
                self.assertEqual((len(np.unique(scene.classes[here])), len(np.unique(scene.attributes[here]))), (1, 1))

    def test_scenes_show_what_they_are_named_for(self):
        bank = Bank(1)
        for kind, names in (
            ("street", ("road", "sky", "building", "car", "tree")),
            ("frontal_street", ("road", "building", "pavement")),
            ("landscape", ("sky", "grass", "tree")),
            ("room", ("floor", "wall", "ceiling", "window", "chair")),
        ):
            seen = set()
            for seed in SEEDS:
                seen.update(np.unique(render(seed, bank, kind, SMALL).classes))
            self.assertFalse({CLASS_ID[name] for name in names} - seen, kind)

    def test_a_thing_is_labelled_where_it_is_drawn(self):
        bank = Bank(2)
        of = {
            "car: bus": "bus",
            "pole: sign": "sign",
            "pole: signals": "sign",
            "bonnet": "car",
            "bush": "tree",
            "house": "building",
        }
        plain = np.array([188, 190, 186], np.float32)
        for name in sheet.THINGS:
            canvas = sheet.draw_thing(name, bank, 4)
            labelled = canvas.classes == CLASS_ID[of.get(name, name.split(":")[0])]
            self.assertGreater(labelled.sum(), 30, f"{name} is not labelled")
            changed = np.abs(canvas.image - plain).max(-1) > 2
            # Between bars, spokes and twigs the ground shows; nowhere else is a label without its thing.
            self.assertGreater(
                (labelled & changed).sum(), 0.25 * labelled.sum(), f"{name} is labelled where nothing was drawn"
            )
            other = canvas.classes[~labelled]
            self.assertTrue(np.isin(other, [CLASS_ID["wall"], CLASS_ID["pole"]]).all(), f"{name} labels something else")

    def test_materials_are_images_with_known_attributes(self):
        bank = Bank(2)
        for name, paint in MATERIALS.items():
            self.assertIn(name, CLASS_ID)
            for seed in range(4):
                canvas = Canvas(bank, np.random.default_rng(seed), *SMALL)
                rgb, attribute = paint(canvas.sampler(), canvas.rng)
                self.assertEqual(rgb.shape, (*SMALL, 3))
                self.assertTrue(np.isfinite(rgb).all() and rgb.min() > -200 and rgb.max() < 700, name)
                self.assertIn(attribute, ATTRIBUTE_ID)


class Images(unittest.TestCase):
    def test_lamps_shine_at_night_only(self):
        for night in (False, True):
            canvas = Canvas(Bank(2), np.random.default_rng(1), *SMALL)
            canvas.image[:] = 20
            put_pole(canvas, 64, 90, 80, 3, Light(0.15, 0.0, np.zeros(3), night), carries="lamp")
            self.assertEqual(bool(canvas.lamps), night)
            self.assertEqual(photograph(canvas).max() > 150, night)

    def test_mistakes_are_named(self):
        with self.assertRaisesRegex(ValueError, "no scene 'beach'"):
            render(1, Bank(1), "beach")
        with self.assertRaisesRegex(ValueError, "too small"):
            render(1, Bank(1), size=(31, 100))
        with self.assertRaisesRegex(ValueError, "seed -1"):
            Bank(-1)
        with self.assertRaisesRegex(ValueError, "no outdoor thing 'whale'"):
            canvas = Canvas(Bank(1), np.random.default_rng(1), *SMALL)
            put_outdoor_things(
                canvas, sheet.Camera(100, 1.5, 64, 40), [("whale", 0.0, 5.0)], Light(1.0, 0.0, np.zeros(3))
            )


if __name__ == "__main__":
    unittest.main()
