"""The trainer of src/mini: crops, texts, losses, a run that goes on where it was, and the towers' promises."""
import contextlib
import io
import json
import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))
from mini import cache as caches  # noqa: E402
from mini import losses, train, unknown  # noqa: E402
from mini.bank import Bank  # noqa: E402
from mini.cache import Cache  # noqa: E402
from mini.crops import CropPairs  # noqa: E402
from mini.labels import ATTRIBUTE_ID, CLASS_ID, CLASSES  # noqa: E402
from mini.model import PATCH, Encoders, Shape  # noqa: E402
from mini.muon import Muon, orthogonal  # noqa: E402
from mini.render import render  # noqa: E402
from mini.texts import draw_texts  # noqa: E402
from mini.tokenizer import Tokenizer, learn_merges  # noqa: E402
from mini.words import SYNONYMS, UNKNOWN, UNKNOWN_HELD_OUT, known_prompts, known_words  # noqa: E402

SCENES = 4
TINY = train.Settings(steps=4, pairs=2, side=64, large_side=96, large_share=0.5, anchors=8, half_width=False)


def train_quietly(*arguments, **settings):
    with contextlib.redirect_stdout(io.StringIO()):
        return train.train(*arguments, workers=0, **settings)


class WithCache(unittest.TestCase):
    """A cache of a few scenes of 96 x 128 pixels instead of the real number and size."""

    @classmethod
    def setUpClass(cls):
        cls._folder = tempfile.TemporaryDirectory()
        cls._small = mock.patch.multiple(caches, PART=SCENES, SIZE=(96, 128))
        cls._small.start()
        caches.render_part((Path(cls._folder.name), 0, 0))
        cls.cache = Cache(cls._folder.name)

    @classmethod
    def tearDownClass(cls):
        cls._small.stop()
        cls._folder.cleanup()


class Caches(WithCache):
    def test_a_part_holds_the_scenes_of_its_seeds(self):
        self.assertEqual(len(self.cache), SCENES)
        image, labels, regions = self.cache[2]
        scene = render(2, Bank(0), size=(96, 128))
        np.testing.assert_array_equal(image, scene.image)
        np.testing.assert_array_equal(labels[..., 0], scene.classes[1::2, 1::2])
        np.testing.assert_array_equal(labels[..., 1], scene.attributes[1::2, 1::2])
        np.testing.assert_array_equal(regions, scene.regions[1::2, 1::2])

    def test_what_is_missing_is_named(self):
        with self.assertRaisesRegex(FileNotFoundError, "no scenes of seed 5 by version"):
            Cache(self._folder.name, first_seed=5)
        with self.assertRaisesRegex(FileNotFoundError, f"holds {SCENES} scenes of seed 0, fewer than 9"):
            Cache(self._folder.name, scenes=9)
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / f"scenes-v{caches.VERSION}-s0-0001").mkdir()
            with self.assertRaisesRegex(FileNotFoundError, "lacks .*-0000"):
                Cache(folder)
            (Path(folder) / f"scenes-v{caches.VERSION}-s0-0001").rmdir()
            (Path(folder) / f"scenes-v{caches.VERSION - 1}-s0-0000").mkdir()
            with self.assertRaisesRegex(FileNotFoundError, "no scenes"):
                Cache(folder)


class Crops(WithCache):
    def crops(self, **changes):
        return CropPairs(**{"cache": self.cache, "side": 64, "seed": 3, "strength": lambda i: 1.0} | changes)

    def test_a_crop_is_drawn_from_seed_and_place_alone(self):
        first, second = self.crops(), self.crops()
        second[1]
        for name, values in first[5].items():
            np.testing.assert_array_equal(values, second[5][name], name)
        self.assertTrue((first[5]["images"] != first[4]["images"]).any())
        self.assertTrue((first[5]["images"] != self.crops(seed=4)[5]["images"]).any())

    def test_what_a_patch_shows_is_counted(self):
        item = self.crops()[0]
        self.assertEqual(item["images"].shape, (2, 64, 64, 3))
        np.testing.assert_allclose(item["shares"].sum(-1), 1, atol=1e-5)
        pure = item["purity"] > 0.7
        self.assertTrue(pure.any())
        np.testing.assert_array_equal((item["fine"] // 256)[pure], item["shares"].argmax(-1)[pure])
        self.assertTrue((item["shares"].max(-1) >= item["purity"] - 1e-5).all())


class Words(unittest.TestCase):
    def test_each_known_word_is_one_token_and_unknown_words_are_not(self):
        tokenizer = Tokenizer(learn_merges(known_words()), 32)
        for word in known_words():
            self.assertEqual(len(tokenizer.encode(word)), 3, word)
        for word in (*UNKNOWN, *UNKNOWN_HELD_OUT):
            self.assertGreater(len(tokenizer.encode(word)), 3, word)
        self.assertFalse(set(UNKNOWN_HELD_OUT) & {*UNKNOWN, *known_words()})

    def test_byte_pairs_are_merged_by_rank(self):
        tokenizer = Tokenizer(
            [("c", "a"), ("ca", "t</w>"), ("o", "n"), ("on", "on")], 8
        )  # ids as in the product's own test, less "'s"
        self.assertEqual(tokenizer.encode("cat"), [516, 513, 517])
        self.assertEqual(tokenizer.encode("ononon"), [516, 515, 78, 333, 517])
        self.assertEqual(tokenizer.encode("42"), [516, 275, 273, 517])
        self.assertEqual(tokenizer.encode("a " * 20), [516] + [320] * 6 + [517])

    def test_answers_of_patches_are_among_the_texts(self):
        tokenizer = Tokenizer(learn_merges(known_words()), 32)
        red_car = CLASS_ID["car"] * 256 + ATTRIBUTE_ID["red"]
        bare_tree = CLASS_ID["tree"] * 256 + ATTRIBUTE_ID["bare"]
        plain_road = CLASS_ID["road"] * 256
        fine = np.array([red_car, bare_tree, plain_road, red_car, red_car])
        texts = draw_texts(tokenizer, np.random.default_rng(1), fine, np.array([True, True, True, True, False]))
        self.assertEqual((texts.phrases, texts.classes), (2, len(CLASSES) - 1))
        self.assertEqual(texts.phrase.tolist(), [0, 1, -1, 0, -1])
        self.assertEqual(texts.colour.tolist(), [ATTRIBUTE_ID["red"] - 1, -1, -1, ATTRIBUTE_ID["red"] - 1, -1])
        self.assertEqual(len(texts.ids), texts.classes + texts.unknown + texts.phrases + 11)
        self.assertEqual(
            [len(part) for part in texts.of(torch.zeros(len(texts.ids), 1))], [texts.classes + texts.unknown, 2, 11]
        )

    def test_every_class_has_names(self):
        self.assertEqual(set(SYNONYMS), set(CLASSES[1:]))
        self.assertIn("traffic light", known_prompts())


class Losses(unittest.TestCase):
    def test_classes_by_share(self):
        logits, shares, weights = (
            torch.randn(3, 6),
            torch.tensor([[1.0, 0, 0, 0], [0, 0.5, 0.5, 0], [0, 0, 0, 0]]),
            torch.tensor([1.0, 2, 3, 4]),
        )
        log = F.log_softmax(logits.double(), -1)
        expected = -(1 * log[0, 0] + 0.5 * 2 * log[1, 1] + 0.5 * 3 * log[1, 2]) / (1 + 1 + 1.5)
        self.assertAlmostEqual(losses.by_share(logits, shares, weights).item(), expected.item(), places=5)

    def test_the_graphs_loss_is_least_where_regions_agree(self):
        regions = torch.tensor([[1, 1, 2, 2], [1, 1, 2, 2], [7, 7, 8, 8], [7, 7, 8, 8]])
        shares = F.one_hot(torch.tensor([[0, 0, 1, 1]] * 2 + [[2, 2, 3, 3]] * 2), 4).float()
        anchors, pure = torch.arange(8), torch.ones(4, 4)

        def loss(features):
            return losses.of_the_graph(F.normalize(features, dim=-1), shares, regions, pure, anchors).item()

        agreeing = F.one_hot(torch.tensor([[0, 0, 1, 1]] * 2 + [[2, 2, 3, 3]] * 2), 8).float()
        within = F.one_hot(torch.tensor([[0, 0, 1, 1], [4, 4, 5, 5], [2, 2, 3, 3], [6, 6, 7, 7]]), 8).float()
        mixed = F.one_hot(torch.tensor([[0, 1, 0, 1]] * 4), 8).float()
        self.assertLess(loss(agreeing), loss(within))  # the same region in the other crop counts
        self.assertLess(loss(within), loss(mixed))


class Optimisers(unittest.TestCase):
    def test_a_matrix_keeps_its_directions_and_loses_its_sizes(self):
        torch.manual_seed(0)
        for shape in ((24, 60), (60, 24), (32, 32)):
            matrix = torch.randn(shape)
            u, _, vh = torch.linalg.svd(matrix, full_matrices=False)
            sizes = u.T @ orthogonal(matrix) @ vh.T
            self.assertTrue(((sizes.diagonal() > 0.3) & (sizes.diagonal() < 1.25)).all(), sizes.diagonal())
            self.assertLess((sizes - sizes.diagonal().diag()).abs().max(), 1e-3)

    def test_a_step_has_the_size_of_one_of_adam(self):
        torch.manual_seed(1)
        weights = torch.nn.Parameter(torch.ones(48, 16, 3, 3))
        optimiser = Muon([weights], lr=0.01, weight_decay=0.1)
        weights.grad = torch.randn(weights.shape)
        optimiser.step()
        moved = weights.detach() - (1 - 0.01 * 0.1)
        self.assertAlmostEqual(moved.square().mean().sqrt().item() / 0.01, 0.2, delta=0.05)
        self.assertLess((moved * weights.grad).sum().item(), 0)

    def test_every_parameter_has_one_optimiser(self):
        encoders = Encoders(Shape(vocabulary=600, classes=34, end=599))
        held = [
            id(p)
            for optimiser in train.optimisers_of(encoders, TINY)
            for group in optimiser.param_groups
            for p in group["params"]
        ]
        self.assertEqual(sorted(held), sorted(id(p) for p in encoders.parameters()))


class UnknownWords(unittest.TestCase):
    def test_the_area_under_the_curve_is_the_share_of_pairs_in_order(self):
        rng = np.random.default_rng(0)
        higher, lower = rng.integers(2, 8, 30).astype(float), rng.integers(0, 6, 50).astype(float)
        pairs = np.subtract.outer(higher, lower)
        self.assertAlmostEqual(unknown.area_under_curve(higher, lower), ((pairs > 0) + 0.5 * (pairs == 0)).mean())

    def test_a_threshold_lets_pass_what_is_alike(self):
        own = torch.linspace(0.5, 0.9, 101)
        self.assertEqual(unknown.told_apart(own, torch.full((7, 3), 0.4)), {"area": 1.0, "passing": 0.0})
        self.assertEqual(unknown.told_apart(own, torch.tensor([0.95, 0.95, 0.3, 0.3])), {"area": 0.5, "passing": 0.5})

    def test_a_word_takes_the_patches_that_are_nearest_to_it(self):
        known = torch.tensor([[0.9, 0.1], [0.2, 0.6]])
        self.assertEqual(unknown.taken(torch.tensor([[0.5, 0.95], [0.4, 0.5]]), known), 0.25)


class Training(WithCache):
    def test_an_interrupted_run_ends_as_an_undisturbed_one(self):
        with tempfile.TemporaryDirectory() as folder:
            whole = train_quietly(self.cache, Path(folder) / "whole", TINY, every=1)
            advance = train.Run.advance

            def interrupted(run, *arguments):
                if run.step == 3:
                    raise KeyboardInterrupt
                return advance(run, *arguments)

            with mock.patch.object(train.Run, "advance", interrupted), self.assertRaises(KeyboardInterrupt):
                train_quietly(self.cache, Path(folder) / "parts", TINY, every=1, save_every=1)
            parts = train_quietly(self.cache, Path(folder) / "parts", TINY, every=1)
            self.assertEqual(parts.step, TINY.steps)
            for name, value in whole.averaged.state_dict().items():
                self.assertTrue(torch.equal(value, parts.averaged.state_dict()[name]), name)
            with self.assertRaisesRegex(SystemExit, "another seed"):
                train_quietly(self.cache, Path(folder) / "parts", replace(TINY, seed=9))

    def test_losses_fall(self):
        with tempfile.TemporaryDirectory() as folder:
            settings = replace(TINY, steps=30, warm_up=5, large_share=0.1)
            train_quietly(self.cache, Path(folder), settings, every=10)
            lines = [json.loads(line) for line in (Path(folder) / "log.jsonl").read_text().splitlines()]
            self.assertEqual([line["step"] for line in lines], [10, 20, 30])
            self.assertLess(lines[-1]["classes"], lines[0]["classes"])
            self.assertLess(lines[-1]["graph"], lines[0]["graph"])


class Towers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.manual_seed(0)
        cls.encoders = Encoders(Shape(vocabulary=600, classes=34, end=599)).eval()

    def test_images_of_any_whole_number_of_patches(self):
        for rows, columns in ((1, 1), (2, 5), (14, 14)):
            patches, graph = self.encoders.image(torch.rand(1, 3, rows * PATCH, columns * PATCH))
            self.assertEqual((patches.shape, graph.shape), ((1, rows, columns, 64),) * 2)
            torch.testing.assert_close(patches.norm(dim=-1), torch.ones(1, rows, columns))

    def test_what_follows_the_end_token_does_not_matter(self):
        first = self.encoders.text(torch.tensor([[598, 7, 8, 599, 0, 0]]))
        second = self.encoders.text(torch.tensor([[598, 7, 8, 599, 599, 31]]))
        torch.testing.assert_close(first, second)
        torch.testing.assert_close(first, self.encoders.text(torch.tensor([[598, 7, 8, 599]])))
        self.assertFalse(torch.allclose(first, self.encoders.text(torch.tensor([[598, 8, 7, 599]]))))


if __name__ == "__main__":
    unittest.main()
