"""The safetensors format: 8 bytes little-endian length of the header, the header as JSON
{name: {dtype, shape, data_offsets}}, then the tensors' bytes, one behind the other."""
import json
import struct

import numpy as np
import torch

DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64}


def to_bytes(tensor):
    if tensor.dtype == torch.bfloat16:  # NumPy has no such type
        tensor = tensor.view(torch.int16)
    return tensor.contiguous().numpy().tobytes()


def write(path, tensors):
    """Writes {name: tensor}, each in the type that it has."""
    spelling = {dtype: name for name, dtype in DTYPES.items()}
    header, at = {"__metadata__": {"format": "pt"}}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * tensor.element_size()
        header[name] = {"dtype": spelling[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the data start at a multiple of eight, as the published writer does it
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for tensor in tensors.values():
            file.write(to_bytes(tensor))


def read(path):
    """Returns {name: tensor}, each in the type that the file gives it."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        dtype, (begin, end) = DTYPES[entry["dtype"]], entry["data_offsets"]
        raw = bytearray(data[8 + length + begin : 8 + length + end])
        flat = torch.frombuffer(raw, dtype=dtype)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


def save_array(path, tensor):
    with open(path, "wb") as file:  # np.save by name would append .npy
        np.save(file, tensor.contiguous().numpy())
