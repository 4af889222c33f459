"""Settings are checked together at start: each fault is named, with a sentence that says what to write."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.parts.advised_values import advised
from tests.parts.settings_faults import PLANTED, SECRETS, USABLE, Planted, environment, found
from tts_service.errors import SettingsRefused
from tts_service.installation import places
from tts_service.installation.check import checked_settings, read_settings
from tts_service.installation.fault import Fault
from tts_service.settings import Settings


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all that only look: making one each takes longer than the test."""
    return tmp_path_factory.mktemp("empty")


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: "-".join(f"{n}={v}" for n, v in planted.given.items()))
def test_a_fault_is_named_with_what_to_write(planted: Planted, empty: Path) -> None:
    with environment(planted.given, empty):
        _, faults = read_settings()
    fault = found(planted, empty)
    assert fault is not None, [str(fault) for fault in faults]
    assert not any(secret in fault.message for secret in SECRETS)
    assert fault.message[-1] in ".…"


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: "-".join(f"{n}={v}" for n, v in planted.given.items()))
def test_what_the_sentence_says_to_write_is_taken(
    planted: Planted, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = found(planted, empty)
    assert fault is not None
    monkeypatch.setattr(places, "_why_not_made", lambda _: "")  # whoever runs the tests may not write to /folder
    for given in advised(fault, planted.given) or ():
        with environment(given, empty):
            _, left = read_settings()
        assert planted.setting not in [one.setting for one in left], (fault.message, given, list(map(str, left)))


def test_advice_is_found_in_the_sentences(empty: Path) -> None:
    told = [(fault, advised(fault, planted.given)) for planted in PLANTED if (fault := found(planted, empty))]
    assert [str(fault) for fault, values in told if values == []] == []
    assert sum(len(values or ()) for _, values in told) > 150
    assert [
        value
        for fault, values in told
        for one in values or ()
        if fault.setting == "TTS_PORT"
        for value in [one["TTS_PORT"]]
    ][:3] == ["1", "65535", "8000"]


@pytest.mark.parametrize("given", USABLE)
def test_usable_settings_have_no_fault(given: dict[str, str], empty: Path) -> None:
    with environment(given, empty):
        settings, faults = read_settings()
    assert (settings is not None, [str(fault) for fault in faults]) == (True, [])


def test_a_path_that_is_empty_is_not_given(tmp_path: Path) -> None:
    with environment({"TTS_DATA_DIR": "", "TTS_VOICES_DIR": "", "TTS_SIGNING_KEY": ""}, tmp_path):
        assert checked_settings()[0] == Settings(_env_file=None)


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    given = {"TTS_PORT": "http", "TTS_DATABASE_URL": "postgres://a@b/c", "TTS_DATA_DIR": "~/tts", "TTS_PROT": "1"}
    with environment(given, tmp_path), pytest.raises(SettingsRefused) as refused:
        checked_settings()
    assert refused.value.details["settings"] == ["TTS_PORT", "TTS_DATABASE_URL", "TTS_DATA_DIR"]


def test_names_nobody_knows_are_found_in_the_environment_and_in_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TTS_PUBLC_URL=https://x.example\nPATH_OF_ANOTHER=1\nTTS_PORT=8123\n")
    with environment({"tts_trusted_proxys": "10.0.0.0/8"}, tmp_path):
        settings, odd = checked_settings()
    assert settings.port == 8123
    assert [(fault.setting, fault.refuses) for fault in odd] == [
        ("TTS_TRUSTED_PROXYS", False),
        ("TTS_PUBLC_URL", False),
    ]
    assert "the environment sets it" in odd[0].message
    assert ".env sets it" in odd[1].message
    assert "the closest is TTS_PUBLIC_URL" in odd[1].message


def test_a_command_warns_of_what_is_odd_once_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shared = import_module("tts_service.commands.app")  # the package has another `app`: the commands themselves
    shared._told.clear()
    with environment({"TTS_PUBLICURL": "https://x.example"}, tmp_path):
        assert shared.settings() == shared.settings() == Settings(_env_file=None)
    assert capsys.readouterr().err.count("warning: TTS_PUBLICURL: the environment sets it") == 1


@pytest.mark.parametrize("command", [["run"], ["api"], ["worker"], ["beat"], ["demo"], ["keys", "add", "me"]])
def test_nothing_starts_with_settings_that_cant_be_used(command: list[str], tmp_path: Path) -> None:
    from tts_service import commands

    with environment({"TTS_TRUSTED_PROXIES": "*"}, tmp_path):
        ended = CliRunner().invoke(commands.app, command)
    assert isinstance(ended.exception, SettingsRefused), ended.output
    assert "TTS_TRUSTED_PROXIES: * would let" in str(ended.exception)


def test_a_fault_is_one_sentence_with_its_variable() -> None:
    assert str(Fault(setting="TTS_PORT", message="0 is no port.")) == "TTS_PORT: 0 is no port."
