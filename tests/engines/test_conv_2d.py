"""A Piper decoder in two dimensions makes the same samples, or stays as it is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from onnx import GraphProto, ModelProto, TensorProto, helper, numpy_helper

from tests.parts.tiny_voice import tiny_model
from tts_service.engines.models import conv_2d
from tts_service.engines.models.conv_2d import NotRewritableError, main, require_same, rewrite_apart, rewritten

FINE = np.random.default_rng(1)


def decoder(change: Callable[[GraphProto], None] = lambda graph: None, *, speakers: bool = False) -> bytes:
    """Ids through a decoder as Piper's: convolutions, upsampling, a residual sum, a mean; `speakers`: a condition."""
    shapes = {
        "dec.pre": (4, 1, 7),
        "dec.ups": (4, 3, 8),
        "dec.res": (3, 3, 3),
        "dec.post": (1, 3, 7),
        "dec.cond": (4, 2, 1),
    }
    weights = {name: FINE.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}
    weights |= {"dec.bias": np.array([0.1, 0.2, 0.3], np.float32), "half": np.array(2.0, np.float32)}
    weights |= {"one": np.array([1], np.int64), "speaker": np.ones((1, 2, 1), np.float32)}
    node = helper.make_node
    nodes = [
        node("Cast", ["input"], ["floats"], name="/Cast", to=TensorProto.FLOAT),
        node("Unsqueeze", ["floats", "one"], ["x"], name="/Unsqueeze"),
        node("Conv", ["x", "dec.pre"], ["a"], name="/dec/conv_pre/Conv", kernel_shape=[7], pads=[3, 3], strides=[1]),
        node("LeakyRelu", ["a"], ["b"], name="/dec/LeakyRelu", alpha=0.1),
        node(
            "ConvTranspose",
            ["b", "dec.ups", "dec.bias"],
            ["c"],
            name="/dec/ups.0/ConvTranspose",
            strides=[4],
            pads=[2, 2],
        ),
        node("Conv", ["c", "dec.res"], ["d"], name="/dec/res/Conv", dilations=[2], pads=[2, 2]),
        node("Add", ["c", "d"], ["e"], name="/dec/res/Add"),
        node("Div", ["e", "half"], ["f"], name="/dec/Div"),
        node("Conv", ["f", "dec.post"], ["g"], name="/dec/conv_post/Conv", pads=[3, 3]),
        node("Tanh", ["g"], ["h"], name="/dec/Tanh"),
        node("Unsqueeze", ["h", "one"], ["output"], name="/Unsqueeze_1"),
    ]
    if speakers:
        nodes[3:3] = [
            node("Identity", ["speaker"], ["s"], name="/Identity"),
            node("Conv", ["s", "dec.cond"], ["t"], name="/dec/cond/Conv"),
            node("Add", ["a", "t"], ["u"], name="/dec/Add_cond"),
        ]
        nodes[6].input[0] = "u"
    graph = helper.make_graph(
        nodes,
        "decoder",
        inputs=[helper.make_tensor_value_info("input", TensorProto.INT64, [1, "n"])],
        outputs=[helper.make_tensor_value_info("output", TensorProto.FLOAT, None)],
        initializer=[numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    change(graph)
    model: ModelProto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    return bytes(model.SerializeToString())


@pytest.mark.parametrize("speakers", [False, True])
def test_it_makes_the_same_samples_in_two_dimensions(speakers: bool) -> None:
    before = decoder(speakers=speakers)
    after = rewritten(before)
    require_same(before, after)
    graph = ModelProto.FromString(after).graph
    convolutions = [node for node in graph.node if node.op_type.startswith("Conv")]
    shapes = {one.name: len(one.dims) for one in graph.initializer}
    assert {shapes[node.input[1]] for node in convolutions} == {4}
    samples = conv_2d._samples(after)
    assert samples.shape == (1, 1, 1, 240) and np.abs(samples).max() > 0.1


def test_a_model_that_would_sound_different_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def louder(graph: GraphProto) -> None:
        weights = next(one for one in graph.initializer if one.name == "dec.post")
        weights.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weights) * 1.01, "dec.post"))

    model = tmp_path / "model.onnx"
    model.write_bytes(decoder())
    monkeypatch.setattr(conv_2d, "rewritten", lambda given: decoder(louder))
    became = main(model, tmp_path / "out.onnx")
    assert (became.done, became.reason) == (False, "other samples would come out")
    assert not (tmp_path / "out.onnx").exists()


def odd(graph: GraphProto) -> None:
    graph.node[3].op_type = "Sigmoid"


def shared(graph: GraphProto) -> None:
    graph.node.append(helper.make_node("Identity", ["dec.post"], ["w"], name="/Identity"))


def computed(graph: GraphProto) -> None:
    graph.node.append(helper.make_node("Identity", ["dec.pre"], ["w"], name="/Identity"))
    graph.node[2].input[1] = "w"


def last(graph: GraphProto) -> None:
    graph.output[0].name = "h"


@pytest.mark.parametrize(
    ("change", "reason"),
    [(odd, "Sigmoid"), (shared, "shared"), (computed, "computed"), (last, "last part")],
)
def test_an_unknown_form_is_left_alone(change: Callable[[GraphProto], None], reason: str) -> None:
    with pytest.raises(NotRewritableError, match=reason):
        rewritten(decoder(change))


def test_a_voice_of_another_kind_is_left_alone() -> None:
    for model, reason in ((tiny_model(0.2, True).SerializeToString(), "no decoder"), (b"not a model", "ONNX|old")):
        with pytest.raises(NotRewritableError, match=reason):
            rewritten(model)


def test_without_onnx_the_command_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.onnx").write_bytes(decoder())
    monkeypatch.setitem(sys.modules, "onnx", None)
    assert "pip install 'tts-service[onnx]'" in main(tmp_path / "model.onnx", tmp_path / "out.onnx").reason


def test_it_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(decoder())
    assert rewrite_apart(tmp_path / "model.onnx", tmp_path / "out.onnx").done
    assert (tmp_path / "out.onnx").read_bytes() != (tmp_path / "model.onnx").read_bytes()


def test_a_process_that_dies_leaves_the_model_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object, **__: object) -> None:
        (tmp_path / "out.onnx").write_bytes(b"half")
        raise subprocess.CalledProcessError(-9, "conv_2d")

    monkeypatch.setattr(subprocess, "run", dies)
    assert "failed" in rewrite_apart(tmp_path / "model.onnx", tmp_path / "out.onnx").reason
    assert not (tmp_path / "out.onnx").exists()
