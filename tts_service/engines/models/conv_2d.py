"""Rewrites a Piper model's decoder so that it costs less: its 1-D convolutions as 2-D ones of height 1.

onnxruntime has fast kernels for 2-D convolutions only. The samples stay the same, which is checked.

    python -m tts_service.engines.models.conv_2d MODEL OUT     prints {"rewritten": whether, "reason": if not, why}

Runs in a separate process, because it loads onnx, onnxruntime and a file from somewhere else.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto

DECODER = "/dec/"
"""Start of the names of the decoder's nodes."""
_CONVOLUTIONS = frozenset({"Conv", "ConvTranspose"})
_ANY_SHAPE = frozenset({"Add", "Div", "LeakyRelu", "Mul", "Tanh"})
_LEADING = {"kernel_shape": [1], "strides": [1], "dilations": [1], "output_padding": [0]}
"""Values of each attribute for the new dimension."""
_HEIGHT = "conv_2d.height"
"""Name of the constant that holds the number of the new dimension."""
_OLDEST_OPSET = 13
"""The first operator set in which Squeeze and Unsqueeze take their dimension as an input."""
LARGEST_DIFFERENCE = 1e-4
_IDS = 60
"""Phonemes in the sentence with which both models are compared."""
_LONGEST_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """What became of a model."""

    done: bool
    reason: str = ""
    """Why it was left as it is."""


class NotRewritableError(Exception):
    """The model's decoder has another form, or other samples would come out."""


def rewrite_apart(model: Path, out: Path) -> Rewriting:
    """Rewrites a model in a process of its own; without success, `out` isn't there."""
    from tts_service.engines.child.process import child_environment

    command = [sys.executable, "-P", "-m", __name__, str(model), str(out)]
    try:
        ran = subprocess.run(command, capture_output=True, timeout=_LONGEST_S, env=child_environment(), check=True)
        said = json.loads(ran.stdout)
        return Rewriting(done=said["rewritten"], reason=said["reason"])
    except (subprocess.SubprocessError, ValueError, KeyError, OSError) as error:
        out.unlink(missing_ok=True)
        return Rewriting(done=False, reason=f"the rewriting failed: {error}"[:300])


def main(model: Path, out: Path) -> Rewriting:
    """Writes the rewritten model if it makes the same samples."""
    try:
        before = model.read_bytes()
        after = rewritten(before)
        require_same(before, after)
    except ImportError as error:
        return Rewriting(done=False, reason=f"{error.name} isn't installed: pip install 'tts-service[onnx]'")
    except NotRewritableError as error:
        return Rewriting(done=False, reason=str(error))
    out.write_bytes(after)
    return Rewriting(done=True)


def rewritten(model: bytes) -> bytes:
    """The model with 2-D convolutions in its decoder. Raises NotRewritableError, ImportError."""
    import onnx

    try:
        loaded = onnx.load_model_from_string(model)
    except Exception as error:
        raise NotRewritableError("it isn't an ONNX model") from error
    if not any(one.domain in ("", "ai.onnx") and one.version >= _OLDEST_OPSET for one in loaded.opset_import):
        raise NotRewritableError("its operators are too old")
    _rewrite(loaded.graph)
    return bytes(loaded.SerializeToString())


def _rewrite(graph: GraphProto) -> None:
    from onnx import helper, numpy_helper

    decoder = [node for node in graph.node if node.name.startswith(DECODER) and node.op_type != "Constant"]
    if not any(node.op_type in _CONVOLUTIONS for node in decoder):
        raise NotRewritableError("it has no decoder as Piper's voices have")
    if unknown := {node.op_type for node in decoder} - _CONVOLUTIONS - _ANY_SHAPE:
        raise NotRewritableError(f"its decoder has {', '.join(sorted(unknown))}")
    weights = {one.name: one for one in graph.initializer}
    inside = {name for node in decoder for name in node.output}
    changing = {name for node in graph.node for name in node.output} - inside - _constants(graph)
    for node in decoder:
        if node.op_type in _CONVOLUTIONS:
            _with_height(node)
    for name in {node.input[1] for node in decoder if node.op_type in _CONVOLUTIONS}:
        users = [node for node in graph.node if name in node.input]
        if name not in weights or any(node not in decoder or list(node.input).index(name) != 1 for node in users):
            raise NotRewritableError("the weights of its decoder are computed or shared")
        values = numpy_helper.to_array(weights[name])
        weights[name].CopyFrom(numpy_helper.from_array(np.expand_dims(values, 2), name))
    graph.initializer.append(numpy_helper.from_array(np.array([2], np.int64), _HEIGHT))
    entering = {name for node in decoder for name in node.input if name in changing}
    leaving = {name for node in graph.node if node not in decoder for name in node.input if name in inside}
    if inside & {one.name for one in graph.output}:
        raise NotRewritableError("its decoder is its last part")
    for node in graph.node:
        mine, names = (entering, "raised") if node in decoder else (leaving, "lowered")
        node.input[:] = [f"{name}.{names}" if name in mine else name for name in node.input]
    nodes: list[NodeProto] = []
    for node in graph.node:
        nodes.append(node)
        for name in node.output:
            if name in entering:
                nodes.append(helper.make_node("Unsqueeze", [name, _HEIGHT], [f"{name}.raised"]))
            if name in leaving:
                nodes.append(helper.make_node("Squeeze", [name, _HEIGHT], [f"{name}.lowered"]))
    copies = [type(node).FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(copies)
    del graph.value_info[:]  # the former shapes


def _constants(graph: GraphProto) -> set[str]:
    return {name for node in graph.node if node.op_type == "Constant" for name in node.output}


def _with_height(node: NodeProto) -> None:
    for attribute in node.attribute:
        given = list(attribute.ints)
        if attribute.name in _LEADING:
            attribute.ints[:] = [*_LEADING[attribute.name], *given]
        elif attribute.name == "pads":
            attribute.ints[:] = [0, given[0], 0, given[1]]
        elif attribute.name not in ("group", "auto_pad"):
            raise NotRewritableError(f"its convolutions have {attribute.name}")


def require_same(before: bytes, after: bytes) -> None:
    """Raises NotRewritableError unless both models make the same samples of a sentence."""
    one, other = (_samples(model) for model in (before, after))
    if one.shape != other.shape or not np.allclose(one, other, rtol=0, atol=LARGEST_DIFFERENCE):
        raise NotRewritableError("other samples would come out")


def _samples(model: bytes) -> NDArray[np.float32]:
    from tts_service.engines.models.onnx_session import opened

    try:
        session = opened(model)
        given: dict[str, Any] = {
            "input": np.arange(1, _IDS + 1, dtype=np.int64)[None, :] % 40,
            "input_lengths": np.array([_IDS], np.int64),
            "scales": np.array([0.0, 1.0, 0.0], np.float32),  # without its noise
            "sid": np.array([0], np.int64),
        }
        known = {one.name for one in session.get_inputs()}
        samples: NDArray[np.float32] = session.run(None, {name: given[name] for name in known})[0]
    except Exception as error:
        raise NotRewritableError(f"it can't be run: {error}"[:300]) from error
    return samples


if __name__ == "__main__":
    became = main(Path(sys.argv[1]), Path(sys.argv[2]))
    print(json.dumps({"rewritten": became.done, "reason": became.reason}))
