"""Opens ONNX models the way all engines run them. Import only in the engine child: it loads onnxruntime."""

from __future__ import annotations

import onnxruntime


def opened(model: bytes) -> onnxruntime.InferenceSession:
    """A session on the CPU with one thread: processes share the cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    # The arena keeps what the longest sentence so far took, rounded up: 50 MB of Hibari's 315, and no less CPU.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
