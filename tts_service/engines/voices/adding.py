"""Adds a Piper voice: checks it, lets it speak, measures it, then stores it in the voices folder."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from tts_service.engines.child.speak import EngineChild
from tts_service.engines.models.conv_2d import Rewriting, rewrite_apart
from tts_service.engines.piper import JOE, PiperEngine
from tts_service.engines.voices.calibration import Level, calibrate, gain_only
from tts_service.engines.voices.catalogue import voice_catalogue
from tts_service.engines.voices.languages import written
from tts_service.engines.voices.voice_files import CONFIG_FILE, MODEL_FILE, NAME, VoiceFacts, write_facts
from tts_service.errors import EngineUnavailable, VoiceRefused
from tts_service.settings import Settings
from tts_service.values import Voice

REWRITTEN = "rewritten.onnx"
"""Name of the rewritten model until it is known to make the same samples."""
EXTERNAL_DATA = b"\x0a\x08location\x12"
"""Start of TensorProto.external_data with its key "location": such a model reads other files on the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceSource:
    """The two source files of a Piper voice."""

    model: Path
    config: Path
    language: str
    """BCP 47 tag, from the configuration."""
    sample_rate_hz: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedVoice:
    """A voice that was added."""

    voice: Voice
    rewriting: Rewriting
    """Whether its decoder was rewritten so that it costs less."""


def add_voice(
    onnx_path: Path,
    *,
    licence: str,
    voices_folder: Path,
    name: str | None = None,
    credit: str = "",
    level: Level = gain_only,
) -> AddedVoice:
    """Adds FILE.onnx and FILE.onnx.json as `piper:NAME` (default: the file's name).

    The model's decoder is rewritten if that changes no sample.
    The model is loaded, tested and measured in an engine child, through the limiter `level`. Raises VoiceRefused with
    the reason.
    """
    source = read_source(onnx_path)
    chosen = name or onnx_path.name.removesuffix(".onnx")
    check_name(chosen, voices_folder)
    voices_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".adding-", dir=voices_folder) as staging:
        folder = Path(staging) / chosen
        folder.mkdir()
        shutil.copyfile(source.model, folder / MODEL_FILE)
        shutil.copyfile(source.config, folder / CONFIG_FILE)
        given_sha256 = _sha256(folder / MODEL_FILE)
        rewriting = rewrite_apart(folder / MODEL_FILE, folder / REWRITTEN)
        if rewriting.done:
            (folder / REWRITTEN).replace(folder / MODEL_FILE)
        facts = VoiceFacts(
            name=chosen,
            language=source.language,
            sample_rate_hz=source.sample_rate_hz,
            licence=licence,
            credit=credit,
            gain_db=0.0,
            sha256=_sha256(folder / MODEL_FILE),
            given_sha256=given_sha256 if rewriting.done else "",
        )
        write_facts(folder, facts)
        write_facts(folder, replace(facts, gain_db=measured_gain(chosen, Path(staging), level)))
        try:
            folder.rename(voices_folder / chosen)
        except OSError as error:
            raise VoiceRefused(f"The voice {chosen} can't be copied into {voices_folder}: {error}") from error
    return AddedVoice(voice=stored_voice(chosen, voices_folder), rewriting=rewriting)


def read_source(onnx_path: Path) -> VoiceSource:
    """Checks everything possible without loading the model. Raises VoiceRefused."""
    config_path = onnx_path.with_name(onnx_path.name + ".json")
    for path in (onnx_path, config_path):
        if not path.is_file():
            raise VoiceRefused(
                f"{path} is missing: a Piper voice consists of FILE.onnx and FILE.onnx.json in one folder."
            )
    if onnx_path.suffix != ".onnx":
        raise VoiceRefused(f"{onnx_path.name} is not a Piper voice: its name must end in .onnx")
    if EXTERNAL_DATA in onnx_path.read_bytes():
        raise VoiceRefused(f"{onnx_path.name} keeps its weights in other files. Only single-file models are supported.")
    try:
        config = json.loads(config_path.read_text(encoding="utf-8"))
        language = config["language"]["code"] if "language" in config else config["espeak"]["voice"]
        rate_hz = int(config["audio"]["sample_rate"])
    except (ValueError, KeyError, TypeError) as error:
        raise VoiceRefused(f"{config_path.name} is not the configuration of a Piper voice: {error!r}") from error
    return VoiceSource(model=onnx_path, config=config_path, language=written(language), sample_rate_hz=rate_hz)


def check_name(name: str, voices_folder: Path) -> None:
    """Raises VoiceRefused if the name is taken or can't be a folder name."""
    if not NAME.fullmatch(name):
        raise VoiceRefused(f"{name!r} is not a valid voice name: use letters, digits, '.', '-' and '_', at most 64.")
    engines = {voice.engine for voice in voice_catalogue().values()}
    if name == JOE or name in engines or (voices_folder / name).exists():
        raise VoiceRefused(f"There is already a voice piper:{name}. Remove it, or choose another name.")


def measured_gain(name: str, voices_folder: Path, level: Level) -> float:
    """Gain of a voice, measured by speaking in an engine child. Raises VoiceRefused if it can't speak."""
    voice = stored_voice(name, voices_folder)
    with EngineChild(Settings.model_construct(voices_dir=voices_folder)) as child:
        try:
            return calibrate(voice, child, level)
        except EngineUnavailable as error:
            reason = error.details.get("error", error.message)
            raise VoiceRefused(f"The voice {name} can't be used: {reason}") from error


def stored_voice(name: str, voices_folder: Path) -> Voice:
    """The voice with this name in a voices folder. Raises VoiceRefused if Piper is missing."""
    try:
        engine = PiperEngine(voices_folder)
    except ImportError as error:
        raise VoiceRefused(f"Piper voices can't be used here: {error}") from error
    return next(voice for voice in engine.voices() if voice.name == name)


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
