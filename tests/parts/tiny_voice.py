"""A Piper voice of a few kilobytes, made at test time: a tone per phoneme, and phoneme lengths as real voices have."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RATE_HZ = 16000
HOP = 256
FRAMES = 3
"""Frames of each phoneme id: 48 ms."""
SILENT_IDS = 4
"""Ids below this (pad, begin, end, space) make no sound."""
SYMBOLS = "_^$ .,:;!?'-abcdefghijklmnopqrstuvwxyzæçðøħŋœɐɑɒɓɔɕəɚɛɜɡɪɹɾʃʊʌʒθᵻˈˌː\u0303\u0329"


def write_tiny_voice(path: Path, *, language: str = "en_US", amplitude: float = 0.2, durations: bool = True) -> Path:
    """Write FILE.onnx and FILE.onnx.json. Without `durations` the model has no phoneme lengths to tell."""
    onnx.save(tiny_model(amplitude, durations), str(path))
    config = {
        "audio": {"sample_rate": RATE_HZ, "quality": "tiny"},
        "espeak": {"voice": "en-us" if language == "en_US" else language.split("_")[0]},
        "language": {"code": language},
        "phoneme_type": "espeak",
        "num_symbols": len(SYMBOLS),
        "num_speakers": 1,
        "hop_length": HOP,
        "phoneme_id_map": {symbol: [index] for index, symbol in enumerate(SYMBOLS)},
    }
    path.with_name(path.name + ".json").write_text(json.dumps(config), encoding="utf-8")
    return path


def tiny_model(amplitude: float, durations: bool) -> onnx.ModelProto:
    """input [1, n] -> output [1, 1, 1, n * 768]: a tone for each sounding id."""
    tone = amplitude * np.sin(2 * np.pi * 400 / RATE_HZ * np.arange(HOP * FRAMES)).reshape(1, 1, -1)
    constants = {
        "tone": tone.astype(np.float32),
        "silent_ids": np.array(SILENT_IDS - 0.5, dtype=np.float32),
        "zero": np.array(0, dtype=np.float32),
        "almost_three": np.array(FRAMES - 0.5, dtype=np.float32),
        "flat": np.array([1, 1, 1, -1], dtype=np.int64),
        "axis": np.array([2], dtype=np.int64),
    }
    nodes = [
        helper.make_node("Cast", ["input"], ["ids"], to=TensorProto.FLOAT),
        helper.make_node("Greater", ["ids", "silent_ids"], ["sounds"]),
        helper.make_node("Cast", ["sounds"], ["gate"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["gate", "axis"], ["gate_3d"]),
        helper.make_node("Mul", ["gate_3d", "tone"], ["tones"]),
        helper.make_node("Reshape", ["tones", "flat"], ["output"]),
    ]
    if durations:
        nodes += [
            helper.make_node("Mul", ["ids", "zero"], ["none"]),
            helper.make_node("Add", ["none", "almost_three"], ["lengths"]),
            helper.make_node("Ceil", ["lengths"], ["/Ceil_output_0"]),
        ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        inputs=[
            helper.make_tensor_value_info("input", TensorProto.INT64, [1, "n"]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        outputs=[helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples"])],
        initializer=[numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
