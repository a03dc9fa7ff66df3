"""Makes a model bundle of trained encoders: python3 -m mini.export RUN/checkpoint.pt BUNDLE

BUNDLE becomes a folder with image.onnx, text.onnx (weights stored in float16, computed with in float32), the
tokenizer's files, words.json and model.json. Its self-test is recorded by the program that will use it: lposs models
check BUNDLE --record."""
import argparse
import hashlib
import io
import json
import os
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from .model import PATCH, Convolution, Encoders, Shape
from .tokenizer import Tokenizer
from .words import known_prompts

OPSET = 17
_HALF_FROM = 256  # numbers in a tensor: smaller ones save nothing as float16
# How images are brought before these encoders, and the parameters of the graphs, which belong to the features: chosen
# by measurement; README.md says on what.
IMAGE = {"short_side": 364, "long_side": 2048, "crop": 256, "stride": 128}
PARAMETERS = {
    "patch_graph": {"k": 30, "sigma": 0.02, "centre": True},
    "pixel_graph": {"radius": 9},
    "pixel_solver": {"alpha": 0.99},
}


def load(path):
    """(encoders with averaged weights, ready to compute; tokenizer) of a checkpoint."""
    held = torch.load(path, map_location="cpu")
    encoders = Encoders(Shape(**held["shape"]))
    encoders.load_state_dict(held["averaged"])
    return encoders.eval(), Tokenizer(held["merges"], held["shape"]["context"])


def without_normalisation(image_tower):
    """The tower with each batch normalisation folded into the convolution before it."""
    for module in image_tower.modules():
        if isinstance(module, Convolution) and isinstance(module[1], torch.nn.BatchNorm2d):
            module[0] = torch.nn.utils.fuse_conv_bn_eval(module[0], module[1])
            module[1] = torch.nn.Identity()
    return image_tower


def graph_of(tower, example, inputs, outputs, dynamic):
    """An onnx.ModelProto of the tower, weights in float32. dynamic: name -> {dimension: its name}."""
    content = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # of the tracer, about constants; the exported graph is compared with PyTorch by a test
        torch.onnx.export(
            tower, example, content, opset_version=OPSET, input_names=inputs, output_names=outputs, dynamic_axes=dynamic
        )
    return onnx.load_from_string(content.getvalue())


def with_half_weights(model):
    """The same model with its larger weights stored in float16 and cast where they are used."""
    casts = []
    for weight in model.graph.initializer:
        if weight.data_type != TensorProto.FLOAT or np.prod(weight.dims) < _HALF_FROM:
            continue
        values = numpy_helper.to_array(weight)
        if np.abs(values).max() > np.finfo(np.float16).max:
            raise ValueError(f"the weights {weight.name} do not fit float16")
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], name=f"{name}.cast", to=TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(casts + nodes)
    onnx.checker.check_model(model)
    return model


def image_graph(encoders):
    """image float32 [B, 3, h, w] in 0..1 -> patch, vm float32 [B, h / 16, w / 16, 64]."""
    grid = {0: "batch", 1: "rows", 2: "columns"}
    dynamic = {"image": {0: "batch", 2: "height", 3: "width"}, "patch": grid, "vm": grid}
    example = torch.rand(2, 3, 6 * PATCH, 4 * PATCH)
    return graph_of(without_normalisation(encoders.image), example, ["image"], ["patch", "vm"], dynamic)


def text_graph(encoders):
    """ids int64 [B, context] -> text float32 [B, 64]."""
    example = torch.full((2, encoders.shape.context), encoders.shape.end)
    return graph_of(encoders.text, example, ["ids"], ["text"], {"ids": {0: "batch"}, "text": {0: "batch"}})


def manifest(context, files, origin):
    encoder = {"file": "image.onnx", "input": "image", "mean": [0, 0, 0], "std": [1, 1, 1], "patch_size": PATCH}
    return {
        "schema": 1,
        "name": "mini",
        "description": "Small encoders for coarse outdoor scenes and the words in words.json; "
        "no substitute for CLIP and DINO.",
        "licence": "MIT",
        "origin": origin,
        "files": files,
        "image": IMAGE,
        "vlm": {**encoder, "output": "patch"},
        "vm": {**encoder, "output": "vm"},
        "text": {
            "file": "text.onnx",
            "input": "ids",
            "output": "text",
            "context_length": context,
            "tokenizer": {"kind": "clip-bpe", "files": {"vocabulary": "vocab.json", "merges": "merges.txt"}},
            "templates": ["a photo of a {}"],
        },
        "parameters": PARAMETERS,
        "known_words": "words.json",
    }


def export(encoders, tokenizer, folder, origin="Trained for LPOSS.Native from scratch, on rendered scenes only."):
    """Writes the bundle; the manifest last, so that a folder with one is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        graphs = {"image.onnx": image_graph(encoders), "text.onnx": text_graph(encoders)}
    for name, graph in graphs.items():
        onnx.save(with_half_weights(graph), str(folder / name))
    tokenizer.write(folder)
    (folder / "words.json").write_text(json.dumps(known_prompts(), indent=1) + "\n", encoding="utf-8")
    files = []
    for name in (*graphs, "vocab.json", "merges.txt", "words.json"):
        content = (folder / name).read_bytes()
        files.append({"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})
    partial = folder / "model.json.partial"
    partial.write_text(json.dumps(manifest(encoders.shape.context, files, origin), indent=2) + "\n", encoding="utf-8")
    os.replace(partial, folder / "model.json")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("bundle", type=Path)
    arguments = parser.parse_args()
    encoders, tokenizer = load(arguments.checkpoint)
    export(encoders, tokenizer, arguments.bundle)
    for path in sorted(arguments.bundle.iterdir()):
        print(f"{path}  {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
