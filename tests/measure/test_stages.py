"""The clocks of `make bench --only stages` are hung around functions by name."""

from __future__ import annotations

from typing import Any, cast

from tests.measure.bench.stages import Stages, _watched
from tts_service.audio import finish, gain
from tts_service.engines.child.speak import EngineChild
from tts_service.parts import Parts


class NoChild:
    pid = None


def test_each_stage_has_its_function_and_gets_it_back(parts: Parts) -> None:
    functions: tuple[Any, ...] = (finish.finish_format, gain.level, gain.Meter)
    clock = Stages(cast("EngineChild", NoChild()))
    with _watched(clock, parts.segments):
        gain.Meter(48_000).push(b"\0" * 960)
        gain.level(b"\0" * 960, 0.0, -1.0, 48_000)
    assert {"final file: level", "final file: loudness for the gain"} <= clock.spent.keys()
    assert (finish.finish_format, gain.level, gain.Meter) == functions
