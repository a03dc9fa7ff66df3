"""The names that published files give the tensors of each kind of encoder: the original ones (open_clip's for CLIP,
the authors' own for DINO and DINOv2), which this reference uses, and Hugging Face's, which are translated."""
import re

import torch

SAME, SPLIT, TRANSPOSED = "same", "split", "transposed"
PARAMETERS = (".weight", ".bias")


def clip_blocks(original, hf, layers):
    for i in range(layers):
        a, b = f"{original}transformer.resblocks.{i}.", f"{hf}encoder.layers.{i}."
        for end in PARAMETERS:
            yield a + "ln_1" + end, [b + "layer_norm1" + end], SAME
            yield f"{a}attn.in_proj_{end[1:]}", [f"{b}self_attn.{p}_proj{end}" for p in "qkv"], SPLIT
            yield a + "attn.out_proj" + end, [b + "self_attn.out_proj" + end], SAME
            yield a + "ln_2" + end, [b + "layer_norm2" + end], SAME
            yield a + "mlp.c_fc" + end, [b + "mlp.fc1" + end], SAME
            yield a + "mlp.c_proj" + end, [b + "mlp.fc2" + end], SAME


def clip(layers):
    image, text = "vision_model.", "text_model."
    yield "visual.class_embedding", [image + "embeddings.class_embedding"], SAME
    yield "visual.positional_embedding", [image + "embeddings.position_embedding.weight"], SAME
    yield "visual.conv1.weight", [image + "embeddings.patch_embedding.weight"], SAME
    yield "token_embedding.weight", [text + "embeddings.token_embedding.weight"], SAME
    yield "positional_embedding", [text + "embeddings.position_embedding.weight"], SAME
    for end in PARAMETERS:
        yield "visual.ln_pre" + end, [image + "pre_layrnorm" + end], SAME  # the published spelling
        yield "visual.ln_post" + end, [image + "post_layernorm" + end], SAME
        yield "ln_final" + end, [text + "final_layer_norm" + end], SAME
    yield from clip_blocks("visual.", image, layers)
    yield from clip_blocks("", text, layers)
    yield "visual.proj", ["visual_projection.weight"], TRANSPOSED
    yield "text_projection", ["text_projection.weight"], TRANSPOSED
    yield "logit_scale", ["logit_scale"], SAME


def dino(layers, norms=("layernorm_before", "layernorm_after"), mlp=("intermediate.dense", "output.dense")):
    yield "cls_token", ["embeddings.cls_token"], SAME
    yield "pos_embed", ["embeddings.position_embeddings"], SAME
    for end in PARAMETERS:
        yield "patch_embed.proj" + end, ["embeddings.patch_embeddings.projection" + end], SAME
        yield "norm" + end, ["layernorm" + end], SAME
    for i in range(layers):
        a, b = f"blocks.{i}.", f"encoder.layer.{i}."
        for end in PARAMETERS:
            yield a + "norm1" + end, [b + norms[0] + end], SAME
            yield a + "attn.qkv" + end, [f"{b}attention.attention.{p}{end}" for p in ("query", "key", "value")], SPLIT
            yield a + "attn.proj" + end, [b + "attention.output.dense" + end], SAME
            yield a + "norm2" + end, [b + norms[1] + end], SAME
            yield a + "mlp.fc1" + end, [b + mlp[0] + end], SAME
            yield a + "mlp.fc2" + end, [b + mlp[1] + end], SAME


def dinov2(layers):
    yield "mask_token", ["embeddings.mask_token"], SAME
    yield "register_tokens", ["embeddings.register_tokens"], SAME
    yield from dino(layers, ("norm1", "norm2"), ("mlp.fc1", "mlp.fc2"))
    for i in range(layers):
        yield f"blocks.{i}.ls1.gamma", [f"encoder.layer.{i}.layer_scale1.lambda1"], SAME
        yield f"blocks.{i}.ls2.gamma", [f"encoder.layer.{i}.layer_scale2.lambda1"], SAME


TABLES = {"clip": clip, "dino": dino, "dinov2": dinov2}


def table(kind, names):
    """The translations with as many blocks as the longer encoder among the names has."""
    numbers = [int(n) for name in names for n in re.findall(r"(?:resblocks|blocks|layers?)\.(\d+)\.", name)]
    return list(TABLES[kind](1 + max(numbers)))


def to_hf(kind, tensors):
    """{original name: tensor} under Hugging Face's names; every tensor must have one."""
    renamed, left = {}, dict(tensors)
    for name, theirs, how in table(kind, tensors):
        if name in left:
            tensor = left.pop(name)
            parts = tensor.chunk(3) if how == SPLIT else [tensor.t() if how == TRANSPOSED else tensor]
            renamed.update(zip(theirs, (p.contiguous() for p in parts)))
    if left:
        raise ValueError(f"No Hugging Face name is known for {sorted(left)}.")
    return renamed


def to_original(kind, tensors):
    """Any published naming under the original names. Buffers of positions are no weights and are left out."""
    left = {name: tensor for name, tensor in tensors.items() if not name.endswith("position_ids")}
    if not any(name.startswith(("vision_model.", "text_model.", "embeddings.")) for name in left):
        return left
    renamed = {}
    for name, theirs, how in table(kind, left):
        parts = [left.pop(t) for t in theirs if t in left]
        if parts and len(parts) != len(theirs):
            raise ValueError(f"Of {theirs} only {len(parts)} are in the file.")
        if parts:
            joined = torch.cat(parts) if how == SPLIT else parts[0].t() if how == TRANSPOSED else parts[0]
            renamed[name] = joined.contiguous()  # matrix products of the same layout give the same bits
    if left:
        raise ValueError(f"The file holds tensors that are not known: {sorted(left)}.")
    return renamed
