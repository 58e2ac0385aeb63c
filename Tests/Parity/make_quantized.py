"""Records what bitsandbytes computes for QuantizedMatrix: prints the Swift table of
EngineTests/Quantization/RecordedQuantization.swift.

pip install torch==2.15.* bitsandbytes==0.50.2 numpy; python make_quantized.py > RecordedQuantization.swift

Codes come from bitsandbytes' CPU kernels but for the scales' codes of double quantization: its CPU
kernel looks them up in a coarse table, so that about one in 600 is not the nearest. Here the nearest
is computed, as by its definition; for the shapes below both agree, which is asserted.
"""

import numpy as np
import torch
import bitsandbytes
from bitsandbytes import functional
from bitsandbytes.backends.utils import _get_4bit_code

SHAPES = [(1, 1), (2, 63), (2, 64), (3, 65), (7, 100), (24, 768)]
f32 = np.float32


def weights(rows, columns):
    """The formula of QuantizationSamples: a hash of the index, wider in some places than in others."""
    i = np.arange(rows * columns, dtype=np.uint64)
    x = (i * 0x9E3779B9 + 0x811C9DC5) & 0xFFFFFFFF
    x ^= x >> 16
    x = x * 0x85EBCA6B & 0xFFFFFFFF
    x ^= x >> 13
    x = x * 0xC2B2AE35 & 0xFFFFFFFF
    x ^= x >> 16
    unit = (x >> 8).astype(f32) / f32(8388608) - f32(1)
    return (unit * (1 + i // 50 % 7).astype(f32) / f32(64)).reshape(rows, columns)


def int8(w):
    codes, absmax, _ = torch.ops.bitsandbytes.int8_vectorwise_quant.default(torch.from_numpy(w))
    return codes.numpy().astype(f32) * (absmax.numpy() / f32(127))[:, None]


def nf4(w, double):
    packed, absmax = torch.ops.bitsandbytes.quantize_4bit.default(
        torch.from_numpy(w), 64, "nf4", torch.uint8)
    scales = absmax.numpy()
    if double:
        mean = f32(scales.astype(np.float64).mean())
        table = functional.create_dynamic_map().numpy()
        distances = scales - mean
        largest = np.repeat(
            [max(abs(distances[g:g + 256]).max(), np.finfo(f32).tiny)
             for g in range(0, len(scales), 256)], 256)[: len(scales)].astype(f32)
        codes = np.searchsorted((table[1:] + table[:-1]) / f32(2), distances / largest)
        theirs, state = functional.quantize_blockwise(torch.from_numpy(distances), blocksize=256)
        if len(scales) > 1:  # a lone scale is its own mean, and they divide by that distance, zero
            assert (theirs.numpy() == codes).all(), "another shape, please"
            assert (state.absmax.numpy() == largest[::256]).all()
        scales = table[codes] * largest + mean
    return torch.ops.bitsandbytes.dequantize_4bit.default(
        packed, torch.from_numpy(scales), 64, "nf4", w.shape, torch.float32).numpy()


def digest(values):
    """FNV-1a over the bit patterns, a word at a time."""
    hash = 0xCBF29CE484222325
    for word in values.ravel().view(np.uint32):
        hash = (hash ^ int(word)) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return hash


print(f"""@testable import Engine

/// What bitsandbytes {bitsandbytes.__version__} computes for `QuantizationSamples`, written by
/// `Tests/Parity/make_quantized.py`.
struct RecordedQuantization: Sendable {{
  let rows: Int
  let columns: Int
  let format: QuantizedFormat
  /// The dequantized weights at evenly spaced places, the first and the last among them.
  let samples: [Float]
  /// FNV-1a over the bit patterns of all dequantized weights.
  let digest: UInt64

  static let all: [RecordedQuantization] = [""")
for rows, columns in SHAPES:
    w = weights(rows, columns)
    for name, values in [
        (".int8", int8(w)),
        (".nf4(doubleQuantization: false)", nf4(w, False)),
        (".nf4(doubleQuantization: true)", nf4(w, True)),
    ]:
        flat = values.ravel()
        places = [k * (len(flat) - 1) // 4 for k in range(5)]
        samples = ", ".join(str(flat[p]) for p in places)
        print(f"    .init(\n      rows: {rows}, columns: {columns}, format: {name},")
        word = f"{digest(values):016x}"
        groups = "_".join(word[i:i + 4] for i in range(0, 16, 4))
        print(f"      samples: [{samples}],\n      digest: 0x{groups}),")
print("  ]\n}")
