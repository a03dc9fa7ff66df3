"""Encoders with random weights as a bundle, and what PyTorch makes of inputs: export_reference.py FOLDER

Writes FOLDER/bundle and, for i = 0.., image_i.npy float32 [B, 3, h, w], patch_i.npy and vm_i.npy [B, h / 16, w / 16,
64], and texts.txt with one text a line and texts.npy [T, 64]."""
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))
from mini.export import export  # noqa: E402
from mini.labels import CLASSES  # noqa: E402
from mini.model import Encoders, Shape  # noqa: E402
from mini.tokenizer import Tokenizer, learn_merges  # noqa: E402
from mini.words import known_words  # noqa: E402

SIZES = ((2, 224, 224), (1, 32, 336), (3, 16, 16))
TEXTS = ("sky", "a photo of a double decker bus", "zebra crossing, 42 km/h!", "a " * 40)


def random_encoders(tokenizer):
    """Weights that float16 holds, so that what the bundle stores is what PyTorch computes with, and normalisations that
    matter."""
    torch.manual_seed(3)
    encoders = Encoders(Shape(vocabulary=len(tokenizer), classes=len(CLASSES) - 1, end=tokenizer.end)).eval()
    for module in encoders.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2.0)
    for value in (*encoders.parameters(), *encoders.buffers()):
        if value.is_floating_point():
            value.data = value.data.half().float()
    return encoders


def main(folder):
    tokenizer = Tokenizer(learn_merges(known_words()), Shape.context)
    encoders = random_encoders(tokenizer)
    random = np.random.default_rng(5)
    with torch.no_grad():
        for i, (batch, height, width) in enumerate(SIZES):
            images = random.random((batch, 3, height, width), np.float32)
            np.save(folder / f"image_{i}.npy", images)
            for name, values in zip(("patch", "vm"), encoders.image(torch.from_numpy(images))):
                np.save(folder / f"{name}_{i}.npy", values.numpy())
        ids = torch.tensor([(row := tokenizer.encode(text)) + [0] * (tokenizer.context - len(row)) for text in TEXTS])
        np.save(folder / "texts.npy", encoders.text(ids).numpy())
    (folder / "texts.txt").write_text("\n".join(TEXTS), encoding="utf-8")
    export(encoders, tokenizer, folder / "bundle")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
