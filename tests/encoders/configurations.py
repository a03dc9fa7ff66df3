"""The configuration files that are published beside the weights, from the shapes of the tensors."""
import json
import math
from pathlib import Path

from attention import count_blocks, heads_of

CLIP_MEAN, CLIP_STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
IMAGENET_MEAN, IMAGENET_STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def clip_shape(w):
    joint = w["visual.proj"].shape[1]
    (width, _, patch, _), tokens = w["visual.conv1.weight"].shape, len(w["visual.positional_embedding"])
    vocabulary, text_width = w["token_embedding.weight"].shape
    return dict(
        joint=joint,
        width=width,
        patch=patch,
        image=patch * math.isqrt(tokens - 1),
        layers=count_blocks(w, "visual.transformer.resblocks.{}.ln_1.weight"),
        vocabulary=vocabulary,
        text_width=text_width,
        context=len(w["positional_embedding"]),
        text_layers=count_blocks(w, "transformer.resblocks.{}.ln_1.weight"),
    )


def open_clip(w, activation):
    s = clip_shape(w)
    image = {"image_size": s["image"], "layers": s["layers"], "width": s["width"], "patch_size": s["patch"]}
    if s["width"] // heads_of(s["width"]) != 64:
        image["head_width"] = s["width"] // heads_of(s["width"])
    text = {
        "context_length": s["context"],
        "vocab_size": s["vocabulary"],
        "width": s["text_width"],
        "heads": heads_of(s["text_width"]),
        "layers": s["text_layers"],
    }
    model = {"embed_dim": s["joint"], "vision_cfg": image, "text_cfg": text}
    if activation == "quick_gelu":  # published files leave it out where it is false
        model["quick_gelu"] = True
    return {"open_clip_config.json": {"model_cfg": model, "preprocess_cfg": {"mean": CLIP_MEAN, "std": CLIP_STD}}}


def preprocessor(kind, image, mean, std):
    return {
        "do_resize": True,
        "do_normalize": True,
        "image_mean": mean,
        "image_std": std,
        "size": image,
        "image_processor_type": kind,
    }


def hf_clip(w, activation):
    s = clip_shape(w)
    encoder = {"hidden_act": activation, "layer_norm_eps": 1e-5, "projection_dim": s["joint"]}
    image = {
        **encoder,
        "hidden_size": s["width"],
        "intermediate_size": 4 * s["width"],
        "num_hidden_layers": s["layers"],
        "num_attention_heads": heads_of(s["width"]),
        "image_size": s["image"],
        "patch_size": s["patch"],
    }
    text = {
        **encoder,
        "hidden_size": s["text_width"],
        "intermediate_size": 4 * s["text_width"],
        "num_hidden_layers": s["text_layers"],
        "num_attention_heads": heads_of(s["text_width"]),
        "max_position_embeddings": s["context"],
        "vocab_size": s["vocabulary"],
    }
    model = {
        "architectures": ["CLIPModel"],
        "model_type": "clip",
        "projection_dim": s["joint"],
        "logit_scale_init_value": 2.6592,
        "vision_config": image,
        "text_config": text,
    }
    processor = preprocessor("CLIPImageProcessor", s["image"], CLIP_MEAN, CLIP_STD)
    return {"config.json": model, "preprocessor_config.json": processor}


def hf_dino(w, kind):
    (width, _, patch, _), tokens = w["patch_embed.proj.weight"].shape, w["pos_embed"].shape[1]
    image, registers = patch * math.isqrt(tokens - 1), w["register_tokens"].shape[1] if "register_tokens" in w else 0
    model = {
        "hidden_size": width,
        "num_hidden_layers": count_blocks(w, "blocks.{}.norm1.weight"),
        "num_attention_heads": heads_of(width),
        "image_size": image,
        "patch_size": patch,
        "hidden_act": "gelu",
        "num_channels": 3,
        "qkv_bias": True,
    }
    if kind == "dino":  # published with 1e-12, though the weights were trained with 1e-6
        model.update(model_type="vit", architectures=["ViTModel"], intermediate_size=4 * width, layer_norm_eps=1e-12)
    else:
        name = "dinov2_with_registers" if registers else "dinov2"
        model.update(
            model_type=name,
            architectures=["Dinov2WithRegistersModel" if registers else "Dinov2Model"],
            mlp_ratio=4,
            layer_norm_eps=1e-6,
            layerscale_value=1.0,
            use_swiglu_ffn=False,
        )
        if registers:
            model["num_register_tokens"] = registers
    name = "ViTImageProcessor" if kind == "dino" else "BitImageProcessor"
    processor = preprocessor(name, image, IMAGENET_MEAN, IMAGENET_STD)
    return {"config.json": model, "preprocessor_config.json": processor}


def write(folder, kind, naming, w, activation):
    """Writes the files into the folder under their published names and returns their paths."""
    if naming != "hf" and kind != "clip":
        raise ValueError(f"{kind} is published without a configuration in its original naming; only hf has one.")
    if kind == "clip":
        files = hf_clip(w, activation) if naming == "hf" else open_clip(w, activation)
    else:
        files = hf_dino(w, kind)
    paths = [Path(folder) / name for name in files]
    for path, content in zip(paths, files.values()):
        path.write_text(json.dumps(content, indent=2) + "\n")
    return paths
