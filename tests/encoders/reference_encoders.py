"""Encoders in PyTorch, written from the papers' formulas: the judge of the exported ONNX graphs.

reference_encoders.py make KIND OUT.safetensors --naming original|hf --size SIZE --seed N   random weights
reference_encoders.py config FOLDER KIND WEIGHTS --naming original|hf --activation A        the files beside them
reference_encoders.py run KIND WEIGHTS INPUT.npy OUTPUT.npy [INPUT.npy OUTPUT.npy ...]
    --variant V | --text | --feature F

KIND is clip, dino or dinov2. `run` reads float32 [B, 3, H, W], normalised, sides multiples of the patch (with --text
int64 [P, 77]), recognises the naming by itself, and writes patches [B, gh, gw, D] (with --text [P, D]), not normalised,
as float32 or with --double as float64, then also computed so."""
import argparse
import sys
import time

import numpy as np
import torch

import clip_encoders
import configurations
import dino_encoders
import published_names
import random_weights
import safetensors_file

SHAPE = ("width", "layers", "patch", "grid", "text_width", "text_layers", "vocabulary", "joint")


def load(kind, path, dtype):
    """{original name: tensor} of a file in either naming; half precision is widened."""
    tensors = published_names.to_original(kind, safetensors_file.read(path))
    return {name: t.to(dtype) if t.is_floating_point() else t for name, t in tensors.items()}


def attention_spread(kind, w):
    """Runs random inputs of the table's own size: {output: relative entropies of its softmaxes}."""
    random, spread = np.random.default_rng(0), {}
    grid = random_weights.table_side(kind, w)
    patch = w["visual.conv1.weight" if kind == "clip" else "patch_embed.proj.weight"].shape[-1]
    pixels = torch.from_numpy(random.standard_normal((1, 3, grid * patch, grid * patch), np.float32))
    if kind == "clip":
        for variant in clip_encoders.VARIANTS:
            clip_encoders.image_encoder(w, pixels, variant, "gelu", spread.setdefault(variant, []))
        ids = torch.from_numpy(random.integers(0, len(w["token_embedding.weight"]), (4, random_weights.CONTEXT)))
        clip_encoders.text_encoder(w, ids, "gelu", spread.setdefault("text", []))
    else:
        dino_encoders.image_encoder(w, pixels, "v", spread.setdefault("v", []))
    return spread


def make(arguments):
    if (arguments.naming == "open_clip") > (arguments.kind == "clip"):
        raise ValueError(f"{arguments.kind} is not published in open_clip's naming; use original or hf.")
    if arguments.position_ids and (arguments.kind, arguments.naming) != ("clip", "hf"):
        raise ValueError("--position-ids are of clip in the naming hf.")
    shape = random_weights.sizes(arguments.kind, arguments.size)
    for name in SHAPE:
        if getattr(arguments, name) is not None:
            if name not in shape:
                raise ValueError(f"{arguments.kind} has no --{name.replace('_', '-')}.")
            shape[name] = getattr(arguments, name)
    w = random_weights.make(arguments.kind, shape, arguments.seed, arguments.registers)
    print(f"{len(w)} tensors, {sum(t.numel() for t in w.values()):,} parameters")
    if arguments.spread:
        spread = attention_spread(arguments.kind, w)
        print(
            "entropy of attention as a part of log N: "
            + ", ".join(f"{name} {min(e):.2f} to {max(e):.2f}" for name, e in spread.items())
        )
    w = {name: t.to(safetensors_file.DTYPES[arguments.dtype]) for name, t in w.items()}
    if arguments.naming == "hf":
        w = published_names.to_hf(arguments.kind, w)
        if arguments.position_ids:
            for encoder in ("vision_model", "text_model"):
                count = len(w[f"{encoder}.embeddings.position_embedding.weight"])
                w[f"{encoder}.embeddings.position_ids"] = torch.arange(count)[None]
    safetensors_file.write(arguments.weights, w)


def config(arguments):
    w = load(arguments.kind, arguments.weights, torch.float32)
    for path in configurations.write(arguments.folder, arguments.kind, arguments.naming, w, arguments.activation):
        print(path)


def run(arguments):
    dtype = torch.float64 if arguments.double else torch.float32
    w = load(arguments.kind, arguments.weights, dtype)
    if len(arguments.files) % 2 != 0:
        raise ValueError("run takes pairs of files, INPUT.npy OUTPUT.npy.")
    for source, output in zip(arguments.files[::2], arguments.files[1::2]):
        given = torch.from_numpy(np.load(source))
        start = time.monotonic()
        if arguments.kind == "clip" and arguments.text:
            result = clip_encoders.text_encoder(w, given, arguments.activation)
        elif arguments.kind == "clip":
            result = clip_encoders.image_encoder(w, given.to(dtype), arguments.variant, arguments.activation)
        else:
            result = dino_encoders.image_encoder(w, given.to(dtype), arguments.feature)
        print(f"{list(result.shape)} in {time.monotonic() - start:.2f} s")
        safetensors_file.save_array(output, result)


def parser():
    root = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = root.add_subparsers(required=True)
    namings, activations = ["original", "open_clip", "hf"], list(clip_encoders.ACTIVATIONS)

    p = commands.add_parser("make")
    p.set_defaults(action=make)
    p.add_argument("kind", choices=published_names.TABLES)
    p.add_argument("weights")
    p.add_argument("--naming", choices=namings, default="original")
    p.add_argument("--size", default="tiny")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--dtype", choices=["F32", "F16", "BF16"], default="F32")
    p.add_argument("--registers", type=int, default=0, help="of dinov2")
    p.add_argument("--spread", action="store_true", help="also report how evenly attention looks at keys")
    p.add_argument("--position-ids", action="store_true", help="with hf and clip: the int64 buffers of older files")
    for name in SHAPE:
        p.add_argument("--" + name.replace("_", "-"), type=int, help="instead of the size's")

    p = commands.add_parser("config")
    p.set_defaults(action=config)
    p.add_argument("folder")
    p.add_argument("kind", choices=published_names.TABLES)
    p.add_argument("weights")
    p.add_argument("--naming", choices=namings, default="original")
    p.add_argument("--activation", choices=activations, default="gelu")

    p = commands.add_parser("run")
    p.set_defaults(action=run)
    p.add_argument("kind", choices=published_names.TABLES)
    p.add_argument("weights")
    p.add_argument("files", nargs="+", metavar="INPUT.npy OUTPUT.npy")
    p.add_argument("--variant", choices=clip_encoders.VARIANTS, default="maskclip")
    p.add_argument("--text", action="store_true", help="of clip: INPUT holds ids")
    p.add_argument("--activation", choices=activations, default="gelu", help="of clip")
    p.add_argument("--feature", choices=["q", "k", "v"], default="v", help="of dino and dinov2")
    p.add_argument("--double", action="store_true")
    return root


def main():
    arguments = parser().parse_args()
    torch.set_num_threads(2)
    with torch.no_grad():
        try:
            arguments.action(arguments)
        except (OSError, ValueError) as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
