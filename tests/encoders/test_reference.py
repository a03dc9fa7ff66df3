"""The reference's own claims, on tiny random weights: what PyTorch's ready-made layers, plain loops and the definition
of the bicubic kernel say to its formulas; that naming and precision change nothing; and that what could be got wrong
shows in the output. Run: python3 -m unittest discover -s FOLDER -p test_reference.py"""
import contextlib
import io
import json
import struct
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import torch

import attention
import clip_encoders
import dino_encoders
import position_tables
import published_names
import random_weights
import reference_encoders
import safetensors_file

torch.set_num_threads(1)  # the encoders are tiny, and threads that wait for each other on a busy machine are slower
torch.set_grad_enabled(False)
SHOWS = 1e-3  # relative L2 at which a mistake is seen: ten times what exported graphs are allowed


def weights(kind, dtype=torch.float64, registers=0):
    w = random_weights.make(kind, random_weights.sizes(kind, "tiny"), 7, registers)
    return {name: tensor.to(dtype) for name, tensor in w.items()}


def pixels(*shape, dtype=torch.float64):
    return torch.from_numpy(np.random.default_rng(3).standard_normal(shape)).to(dtype)


def ids(count=4, vocabulary=514):
    """Prompts as a tokenizer gives them: the largest id ends the text, then zeros to the right."""
    random, table = np.random.default_rng(5), np.zeros((count, 77), np.int64)
    for row, length in zip(table, random.integers(3, 77, count)):
        row[:length] = random.integers(0, vocabulary - 1, length)
        row[length - 1] = vocabulary - 1
    return torch.from_numpy(table)


def difference(a, b):
    return float((a.double() - b.double()).norm() / b.double().norm())


def outputs(kind, w, activation="gelu"):
    """Every output that a kind has, by name, for a grid that is neither square nor the table's."""
    dtype = next(iter(w.values())).dtype
    if kind == "clip":
        image = pixels(1, 3, 96, 272, dtype=dtype)
        result = {v: clip_encoders.image_encoder(w, image, v, activation) for v in clip_encoders.VARIANTS}
        return {**result, "text": clip_encoders.text_encoder(w, ids(), activation)}
    patch = w["patch_embed.proj.weight"].shape[-1]
    return {f: dino_encoders.image_encoder(w, pixels(1, 3, 6 * patch, 17 * patch, dtype=dtype), f) for f in "qkv"}


KINDS = [("clip", 0), ("dino", 0), ("dinov2", 0), ("dinov2", 4)]


class Formulas(unittest.TestCase):
    """Against computations that share nothing with the encoders but the weights."""

    def layer(self, parts, activation, eps):
        """PyTorch's encoder layer with a block's tensors: norm 1, qkv, projection, norm 2, MLP in and out."""
        width = len(parts[0][0])
        layer = torch.nn.TransformerEncoderLayer(
            width, width // 64, 4 * width, 0.0, activation, eps, True, True
        ).double()
        places = [layer.norm1, layer.self_attn, layer.self_attn.out_proj, layer.norm2, layer.linear1, layer.linear2]
        for place, (weight, bias) in zip(places, parts):
            if place is layer.self_attn:
                place.in_proj_weight.copy_(weight), place.in_proj_bias.copy_(bias)
            else:
                place.weight.copy_(weight), place.bias.copy_(bias)
        return layer.train()  # evaluation may take PyTorch's fused path, which knows fewer activations

    def test_clip_blocks_are_pytorchs_encoder_layers(self):
        w, x = weights("clip"), pixels(2, 50, 128)
        mask = torch.full((50, 50), -torch.inf).double().triu(1)
        for activation, function in clip_encoders.ACTIVATIONS.items():
            for prefix, bias in (("visual.", torch.zeros(50, 50).double()), ("", mask)):
                name = prefix + "transformer.resblocks.1."
                joined = w[name + "attn.in_proj_weight"], w[name + "attn.in_proj_bias"]
                parts = [
                    (w[f"{name}{p}.weight"], w[f"{name}{p}.bias"])
                    for p in ("ln_1", "attn.out_proj", "ln_2", "mlp.c_fc", "mlp.c_proj")
                ]
                layer = self.layer([parts[0], joined, *parts[1:]], function, 1e-5)
                block = clip_encoders.Block(w, name, activation)
                self.assertLess(difference(block(x, bias), layer(x, bias)), 1e-13)

    def test_dino_blocks_are_pytorchs_encoder_layers(self):
        for kind in ("dino", "dinov2"):
            w, x = weights(kind), 0.02 * pixels(2, 50, 128)
            parts = [
                (w[f"blocks.1.{p}.weight"], w[f"blocks.1.{p}.bias"])
                for p in ("norm1", "attn.qkv", "attn.proj", "norm2", "mlp.fc1", "mlp.fc2")
            ]
            for branch, gain in ((2, "blocks.1.ls1.gamma"), (5, "blocks.1.ls2.gamma")):
                if kind == "dinov2":  # LayerScale is a gain on the rows of what closes the branch
                    parts[branch] = parts[branch][0] * w[gain][:, None], parts[branch][1] * w[gain]
            layer = self.layer(parts, torch.nn.functional.gelu, 1e-6)
            self.assertLess(difference(dino_encoders.block_step(w, "blocks.1.", x, None), layer(x)), 1e-13)

    def last_block(self, variant, x, grid):
        """The variants' attention by loops over images, heads and tokens in NumPy; returns LN-less output tokens."""
        w = {k.removeprefix("visual.transformer.resblocks.7."): v.numpy() for k, v in weights("clip").items()}
        centred = x - x.mean(-1, keepdims=True)
        u = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5) * w["ln_1.weight"] + w["ln_1.bias"]
        packed = u @ w["attn.in_proj_weight"].T + w["attn.in_proj_bias"]
        joined = np.zeros_like(x)
        for b in range(len(x)):
            for head in (slice(0, 64), slice(64, 128)):
                q, k, v = (packed[b][:, 128 * i + head.start : 128 * i + head.stop] for i in range(3))
                for i in range(len(q)):
                    joined[b, i, head] = self.attended(variant, i, q, k, v, u[b], grid)
        y = joined @ w["attn.out_proj.weight"].T + w["attn.out_proj.bias"]
        return y if variant in ("clearclip", "nacclip") else x + y

    def attended(self, variant, i, q, k, v, u, grid):
        def rows(logits):
            e = np.exp(logits - logits.max(-1, keepdims=True))
            return e / e.sum(-1, keepdims=True)

        if variant == "maskclip":
            return v[i]
        if variant == "sclip":
            return rows(q @ q[i] / 8) @ v + rows(k @ k[i] / 8) @ v
        if variant == "clearclip":
            return rows(q @ q[i] / 8) @ v
        if variant == "nacclip":
            logits = k @ k[i] / 8
            for j in range(1, len(k)):
                if i > 0:
                    (r, c), (s, d) = divmod(i - 1, grid[1]), divmod(j - 1, grid[1])
                    logits[j] += np.exp(-((r - s) ** 2 + (c - d) ** 2) / 50)
            return rows(logits) @ v
        tau, parts = np.mean([np.sqrt((t**2).sum()) for t in u]) / 8, []
        for p in (v, k, q):
            p = p / np.linalg.norm(p, axis=-1, keepdims=True)
            p = np.stack([rows(tau * (p @ one)) @ p for one in p])
            p = p / np.linalg.norm(p, axis=-1, keepdims=True)
            parts.append(rows(tau * (p @ p[i])) @ v)
        return sum(parts) / 3

    def test_variants_are_their_loops(self):
        x, grid, w = pixels(2, 1 + 3 * 5, 128), (3, 5), weights("clip")
        block = clip_encoders.Block(w, "visual.transformer.resblocks.7.", "gelu")
        for variant, function in clip_encoders.VARIANTS.items():
            y = torch.from_numpy(self.last_block(variant, x.numpy(), grid))
            if variant in ("maskclip", "sclip"):
                y = y + block.mlp(y)
            ours = function([block], x, grid, None)
            self.assertLess(difference(ours, y), 1e-13, variant)

    def test_gem_changes_six_blocks_and_leaves_the_first_stream_alone(self):
        w, x = weights("clip"), pixels(1, 10, 128)
        blocks = clip_encoders.encoder_blocks(w, "visual.", "gelu")
        streams = [x]
        for block in blocks:
            streams.append(block(streams[-1]))
        g = streams[2]
        for block, stream in zip(blocks[2:], streams[2:]):  # alone, a block's term is what it adds to its own stream
            g = g + clip_encoders.gem([block], stream, (3, 3), None) - stream
        self.assertLess(difference(clip_encoders.gem(blocks, x, (3, 3), None), g), 1e-13)

    def test_text_takes_the_first_of_the_largest_ids(self):
        w, prompts = weights("clip"), ids()
        padded = prompts.clone()
        for row in padded:  # as Hugging Face pads: with the end of the text again
            row[int(row.argmax()) :] = 513
        self.assertTrue(
            torch.equal(clip_encoders.text_encoder(w, padded, "gelu"), clip_encoders.text_encoder(w, prompts, "gelu"))
        )


def cubic(t, a):
    t = abs(t)
    if t <= 1:
        return (a + 2) * t**3 - (a + 3) * t**2 + 1
    return a * t**3 - 5 * a * t**2 + 8 * a * t - 4 * a if t < 2 else 0.0


def plain_matrix(side, count, step):
    """Four taps, a = -0.75, clamped at the edges; result i sits at (i + 1/2) * step - 1/2."""
    m = np.zeros((count, side))
    for i in range(count):
        at = (i + 0.5) * step - 0.5
        for tap in range(int(np.floor(at)) - 1, int(np.floor(at)) + 3):
            m[i, min(max(tap, 0), side - 1)] += cubic(at - tap, -0.75)
    return m


def antialiased_matrix(side, count):
    """a = -0.5; the kernel widened by the factor of shrinking, cut at the edges, its weights summing to one."""
    m, step = np.zeros((count, side)), side / count
    wide = max(step, 1.0)
    for i in range(count):
        centre = (i + 0.5) * step
        for tap in range(max(int(centre - 2 * wide + 0.5), 0), min(int(centre + 2 * wide + 0.5), side)):
            m[i, tap] = cubic((tap + 0.5 - centre) / wide, -0.5)
    return m / m.sum(-1, keepdims=True)


class Positions(unittest.TestCase):
    def check(self, ours, matrices, table):
        square = table.numpy().reshape(14, 14, -1)
        expected = np.einsum("ai,bj,ijc->abc", *matrices, square).reshape(len(ours), -1)
        self.assertLess(difference(ours, torch.from_numpy(expected)), 1e-12)

    def test_resizing_is_the_kernels_definition(self):
        table = weights("clip")["visual.positional_embedding"][1:]
        for grid in ((14, 14), (28, 21), (14, 20), (9, 5), (37, 3)):
            self.check(position_tables.by_size(table, grid), [plain_matrix(14, g, 14 / g) for g in grid], table)
            self.check(position_tables.by_size(table, grid, True), [antialiased_matrix(14, g) for g in grid], table)
            if grid != (14, 14):
                matrices = [plain_matrix(14, g, 14 / (g + 0.1)) for g in grid]
                self.check(position_tables.by_offset_scale(table, grid), matrices, table)

    def test_the_tables_own_grid_takes_it_as_it_is(self):
        table = weights("clip")["visual.positional_embedding"][1:]
        for resize in (position_tables.by_size, position_tables.by_offset_scale):
            self.assertTrue(torch.equal(resize(table, (14, 14)), table))

    def test_conventions_show_in_the_output(self):
        w = weights("clip")
        for variant in clip_encoders.VARIANTS:
            ours = clip_encoders.image_encoder(w, pixels(1, 3, 128, 272), variant, "gelu")
            for other in {"maskclip", "sclip", "gem"}:
                table = w["visual.positional_embedding"][1:]
                changed = clip_encoders.positions(other, table, (8, 17))
                if torch.equal(changed, clip_encoders.positions(variant, table, (8, 17))):
                    continue
                with mock.patch.object(clip_encoders, "positions", return_value=changed):
                    theirs = clip_encoders.image_encoder(w, pixels(1, 3, 128, 272), variant, "gelu")
                self.assertGreater(difference(theirs, ours), SHOWS, (variant, other))


class Sensitivity(unittest.TestCase):
    """Mistakes in the weights' use, epsilon or activation move the output by more than graphs may differ."""

    def test_every_tensor_counts(self):
        for kind, registers in KINDS:
            w = weights(kind, torch.float32, registers)
            before = outputs(kind, w)
            for name in w:
                changed = {**w, name: w[name].roll(1, -1) if w[name].ndim else w[name] + 1}
                moved = max(difference(after, before[o]) for o, after in outputs(kind, changed).items())
                behind = kind != "clip" and name.startswith("blocks.3.")  # of the last block only what makes q, k, v
                behind = behind and not name.startswith(("blocks.3.norm1", "blocks.3.attn.qkv"))
                unused = behind or name in ("logit_scale", "mask_token", "norm.weight", "norm.bias")
                self.assertEqual(moved, 0, name) if unused else self.assertGreater(moved, SHOWS, name)

    def test_epsilons_and_activations_count(self):
        for kind, registers in KINDS:
            w = weights(kind, registers=registers)
            before = outputs(kind, w)
            module, other = (clip_encoders, 1e-6) if kind == "clip" else (dino_encoders, 1e-5)
            with mock.patch.object(module, "EPS", other):
                for name, after in outputs(kind, w).items():
                    self.assertGreater(difference(after, before[name]), 1e-4, (kind, name))
        w = weights("clip")
        before = outputs("clip", w)
        for name, after in outputs("clip", w, "quick_gelu").items():
            self.assertGreater(difference(after, before[name]), SHOWS, name)

    def test_variants_differ(self):
        result = outputs("clip", weights("clip"))
        names = list(clip_encoders.VARIANTS)
        for i, a in enumerate(names):
            for b in names[:i]:
                self.assertGreater(difference(result[a], result[b]), 0.1, (a, b))

    def test_attention_neither_spreads_evenly_nor_rests_on_one_key(self):
        for kind, registers in KINDS:
            for name, entropies in reference_encoders.attention_spread(
                kind, weights(kind, torch.float32, registers)
            ).items():
                self.assertLess(np.mean(entropies), 0.8, (kind, name))
                self.assertGreater(min(entropies), 0.1, (kind, name))


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def command(self, *words):
        with contextlib.redirect_stdout(io.StringIO()):
            arguments = reference_encoders.parser().parse_args([str(w) for w in words])
            arguments.action(arguments)

    def test_namings_and_precisions_agree(self):
        for kind, registers in KINDS:
            side = 14 if kind == "dinov2" else 16
            np.save(self.folder / "x.npy", pixels(2, 3, 9 * side, 17 * side, dtype=torch.float32).numpy())
            np.save(self.folder / "ids.npy", ids().numpy())
            runs = [("x.npy", "--variant", v) for v in clip_encoders.VARIANTS] + [("ids.npy", "--text")]
            for given, *options in runs if kind == "clip" else [("x.npy", "--feature", f) for f in "qkv"]:
                result = []
                for naming in ("original", "hf"):
                    file = self.folder / f"{kind}-{registers}-{naming}.safetensors"
                    if not file.exists():
                        self.command(
                            "make",
                            kind,
                            file,
                            "--naming",
                            naming,
                            "--registers",
                            registers,
                            *(["--position-ids"] if (kind, naming) == ("clip", "hf") else []),
                        )
                    for double in ([], ["--double"]):
                        self.command("run", kind, file, self.folder / given, self.folder / "y.npy", *options, *double)
                        result.append(torch.from_numpy(np.load(self.folder / "y.npy")))
                single, double, hf_single, hf_double = result
                self.assertEqual((single.dtype, double.dtype), (torch.float32, torch.float64))
                self.assertTrue(torch.equal(single, hf_single) and torch.equal(double, hf_double), (kind, options))
                self.assertLess(difference(single, double), 3e-6, (kind, options))  # measured: 0.5 to 0.9 e-6

    def test_safetensors_are_as_the_format_says(self):
        tensors = {
            "a": torch.tensor([[1.5, -2.0]]),
            "b": torch.tensor([1.5, -2.0]).bfloat16(),
            "c": torch.tensor(7.0).half(),
            "d": torch.tensor([[3, -1]]),
        }
        safetensors_file.write(self.folder / "t", tensors)
        data = (self.folder / "t").read_bytes()
        (length,) = struct.unpack("<Q", data[:8])
        header = json.loads(data[8 : 8 + length])
        self.assertEqual(header["b"], {"dtype": "BF16", "shape": [2], "data_offsets": [8, 12]})
        self.assertEqual(header["c"], {"dtype": "F16", "shape": [], "data_offsets": [12, 14]})
        self.assertEqual(
            data[8 + length :].hex(), "0000c03f000000c0" + "c03f00c0" + "0047" + "0300000000000000" + "ff" * 8
        )
        for name, tensor in safetensors_file.read(self.folder / "t").items():
            self.assertTrue(tensor.dtype == tensors[name].dtype and torch.equal(tensor, tensors[name]), name)

    def test_half_precision_files_hold_the_same_weights_rounded(self):
        for dtype, bound in (("F16", 1e-3), ("BF16", 1e-2)):
            self.command("make", "dino", self.folder / "w", "--seed", 7, "--dtype", dtype)
            loaded = reference_encoders.load("dino", self.folder / "w", torch.float64)
            for name, tensor in weights("dino").items():
                self.assertTrue(0 < difference(loaded[name], tensor) < bound, name)

    def test_counts_of_tensors_are_the_published_ones(self):
        names = random_weights.make(
            "clip", {**random_weights.sizes("clip", "tiny"), "layers": 12, "text_layers": 12}, 1
        )
        self.assertEqual((len(names), len(published_names.to_hf("clip", names))), (302, 398))

    def test_configurations_say_what_the_weights_are(self):
        self.command("make", "clip", self.folder / "w")
        self.command("config", self.folder, "clip", self.folder / "w", "--activation", "quick_gelu")
        self.command("config", self.folder, "clip", self.folder / "w", "--naming", "hf", "--activation", "quick_gelu")
        ours = json.loads((self.folder / "open_clip_config.json").read_text())["model_cfg"]
        theirs = json.loads((self.folder / "config.json").read_text())
        self.assertEqual(
            ours,
            {
                "embed_dim": 64,
                "quick_gelu": True,
                "vision_cfg": {"image_size": 224, "layers": 8, "width": 128, "patch_size": 16},
                "text_cfg": {"context_length": 77, "vocab_size": 514, "width": 128, "heads": 2, "layers": 4},
            },
        )
        self.assertEqual([theirs[t]["hidden_act"] for t in ("vision_config", "text_config")], ["quick_gelu"] * 2)
        self.assertEqual([theirs[t]["num_hidden_layers"] for t in ("vision_config", "text_config")], [8, 4])

    def test_images_of_broken_patches_are_refused(self):
        with self.assertRaisesRegex(ValueError, "no whole number of patches"):
            dino_encoders.image_encoder(weights("dino"), pixels(1, 3, 160, 161), "v")

    def test_the_heads_of_published_widths(self):
        self.assertEqual([attention.heads_of(w) for w in (384, 512, 768, 1024, 1280)], [6, 8, 12, 16, 16])


if __name__ == "__main__":
    unittest.main()
