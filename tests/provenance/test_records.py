"""Signed files: what they say of themselves, that a changed bit is noticed, that sound and tags stay the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from tests.audio.test_sounds import CHAPTERS, RATE, TAGS
from tests.parts.factories import make_settings
from tests.parts.signed_files import (
    RECORD,
    SIGNED,
    audio_bytes,
    credentials,
    flipped,
    plain_file,
    signed_file,
    tag_bytes,
)
from tts_service.audio.decode import decoded
from tts_service.errors import InputRefused, NotMarked
from tts_service.provenance import own_process
from tts_service.provenance.certificate import credentials_of, own_certificates, own_folder
from tts_service.provenance.json_ld import PublicClip, iso_duration, json_ld
from tts_service.provenance.read_back import State, confirm, read_disclosure
from tts_service.provenance.record import record_from
from tts_service.provenance.sign import Seal, manifest_of, sidecar
from tts_service.values import DigitalSourceType


@pytest.mark.parametrize("form", SIGNED)
class TestSignedFiles:
    def test_a_file_says_how_it_was_made(self, tmp_path: Path, form: str) -> None:
        told = read_disclosure(signed_file(tmp_path, form))

        assert (told.state, told.problems) == (State.UNALTERED, ())
        assert told.source_type == TAGS.digital_source_type.uri
        assert record_from(told.record or {}) == RECORD
        assert TAGS.notice in told.tags.values()

    def test_a_changed_bit_is_noticed(self, tmp_path: Path, form: str) -> None:
        path = signed_file(tmp_path, form)

        assert set(flipped(path, audio_bytes(path), 25)) == {State.ALTERED}
        assert set(flipped(path, tag_bytes(path), 25)) == {State.ALTERED}

    def test_the_first_and_the_last_byte_of_the_sound_count(self, tmp_path: Path, form: str) -> None:
        path = signed_file(tmp_path, form)
        sound = audio_bytes(path)

        assert set(flipped(path, [sound[0], sound[-1]], 2)) == {State.ALTERED}

    def test_what_is_added_at_the_end_is_noticed(self, tmp_path: Path, form: str) -> None:
        path = signed_file(tmp_path, form)
        path.write_bytes(path.read_bytes() + b"TAG" + b"Read by a person".ljust(125, b"\0"))

        assert read_disclosure(path).state is State.ALTERED

    def test_signing_leaves_sound_and_chapters_as_they_were(self, tmp_path: Path, form: str) -> None:
        path = plain_file(tmp_path, form)
        before = np.concatenate(list(decoded(path, RATE)))
        Seal(RECORD, TAGS.title, credentials(tmp_path))(path, form)

        assert np.array_equal(np.concatenate(list(decoded(path, RATE))), before)
        with av.open(str(path)) as container:
            found = [chapter["metadata"]["title"] for chapter in container.chapters()]
        assert found == [chapter.title for chapter in CHAPTERS if form != "wav"]

    def test_a_file_nobody_signed_is_not_called_unaltered(self, tmp_path: Path, form: str) -> None:
        path = plain_file(tmp_path, form)

        assert read_disclosure(path).state is State.UNSIGNED
        with pytest.raises(NotMarked, match="unsigned"):
            confirm(path, RECORD)

    def test_a_manifest_that_says_something_else_is_not_confirmed(self, tmp_path: Path, form: str) -> None:
        path = signed_file(tmp_path, form, replace(RECORD, digital_source_type=DigitalSourceType.RULES.uri))

        with pytest.raises(NotMarked, match="not what the clip's record says"):
            confirm(path, RECORD)

    def test_tags_that_say_something_else_are_not_confirmed(self, tmp_path: Path, form: str) -> None:
        other = replace(RECORD, digital_source_type=DigitalSourceType.RULES.uri)
        path = signed_file(tmp_path, form, other)

        with pytest.raises(NotMarked, match="tags"):
            confirm(path, other)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["mp3", "opus"])
class TestLongFiles:
    """In a process of their own: the same comes of it, and the same errors."""

    @pytest.fixture(autouse=True)
    def _every_file_is_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(own_process, "FROM_BYTES", 0)

    def test_a_long_file_is_signed_and_confirmed(self, tmp_path: Path, form: str) -> None:
        path = signed_file(tmp_path, form)

        confirm(path, RECORD)
        assert read_disclosure(path).state is State.UNALTERED

    def test_a_long_file_that_says_something_else_is_not_confirmed(self, tmp_path: Path, form: str) -> None:
        path = signed_file(tmp_path, form, replace(RECORD, site="other"))

        with pytest.raises(NotMarked, match="not what the clip's record says"):
            confirm(path, RECORD)


def test_a_process_that_breaks_down_confirms_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_process, "FROM_BYTES", 0)
    (tmp_path / "letter.mp3").write_bytes(b"Dear reader, " * 100)

    with pytest.raises(NotMarked, match=r"ended with 1: .*is not a supported audio file"):
        confirm(tmp_path / "letter.mp3", RECORD)


class TestFormats:
    def test_the_frames_of_an_mp3_stay_byte_for_byte(self, tmp_path: Path) -> None:
        """With them the Info frame, which tells players how many samples there are."""
        plain = plain_file(tmp_path, "mp3").read_bytes()
        path = signed_file(tmp_path, "mp3")
        signed = path.read_bytes()

        assert plain.endswith(signed[audio_bytes(path)[0] :])
        assert signed[audio_bytes(path)[0] :].startswith(b"\xff")

    def test_a_tag_in_front_of_the_signed_one_hides_it(self, tmp_path: Path) -> None:
        path = signed_file(tmp_path, "mp3")
        path.write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x00" + path.read_bytes())

        assert read_disclosure(path).state is State.ALTERED

    def test_opus_has_its_manifest_beside_it_and_stays_as_it_is(self, tmp_path: Path) -> None:
        plain = plain_file(tmp_path, "opus").read_bytes()
        path = signed_file(tmp_path, "opus")

        assert path.read_bytes() == plain
        assert sidecar(path).name == "clip.opus.c2pa"

    def test_the_manifest_of_another_file_does_not_fit(self, tmp_path: Path) -> None:
        path = signed_file(tmp_path, "opus")
        other = plain_file(tmp_path, "mp3").rename(tmp_path / "other.opus")

        assert read_disclosure(other, manifest=sidecar(path)).state is State.ALTERED

    def test_what_is_no_audio_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "letter.mp3").write_bytes(b"Dear reader, " * 100)

        with pytest.raises(InputRefused):
            read_disclosure(tmp_path / "letter.mp3")


class TestManifest:
    def test_it_has_what_c2pa_asks_for(self) -> None:
        (assertion,) = manifest_of(RECORD, "Bridge")["assertions"]
        (action,) = assertion["data"]["actions"]

        assert assertion["label"] == "c2pa.actions.v2"
        assert action["action"] == "c2pa.created"
        assert action["digitalSourceType"].endswith("/trainedAlgorithmicMedia")
        assert action["softwareAgent"] == {"name": "tone"}

    def test_the_record_goes_through_json_unchanged(self) -> None:
        assert record_from(json.loads(json.dumps(RECORD.as_json()))) == RECORD

    def test_a_record_without_a_voice_is_none(self) -> None:
        with pytest.raises(ValueError, match="voice"):
            record_from({**RECORD.as_json(), "voices": []})


class TestCertificates:
    def test_this_installation_knows_its_own_files_and_others_do_not(self, tmp_path: Path) -> None:
        path = signed_file(tmp_path, "mp3")

        here = read_disclosure(path, own_certificates(make_settings(tmp_path)))
        elsewhere = read_disclosure(path, own_certificates(make_settings(tmp_path / "elsewhere")))
        assert (here.known, elsewhere.known) == (True, False)
        assert elsewhere.state is State.UNALTERED
        assert here.signer == "Listen to the article: signer of this installation"

    def test_its_own_is_made_once_and_for_nobody_else_to_read(self, tmp_path: Path) -> None:
        first, second = credentials(tmp_path), credentials(tmp_path)

        assert first == second
        assert first.own
        folder = own_folder(make_settings(tmp_path))
        assert (folder / "key.pem").stat().st_mode & 0o77 == 0
        assert sorted(path.name for path in folder.iterdir()) == ["chain.pem", "key.pem", "root.pem"]
        assert [path.name for path in folder.parent.iterdir()] == ["signing"]

    def test_the_settings_name_another(self, tmp_path: Path) -> None:
        credentials(tmp_path)
        own = own_folder(make_settings(tmp_path))
        settings = make_settings(tmp_path / "b", signing_cert=own / "chain.pem", signing_key=own / "key.pem")
        path = plain_file(tmp_path, "mp3")
        Seal(RECORD, "", credentials_of(settings))(path, "mp3")

        assert read_disclosure(path, own_certificates(settings)).known
        assert not own_folder(settings).exists()

    def test_one_without_the_other_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(NotMarked, match="need each other"):
            credentials_of(make_settings(tmp_path, signing_cert=tmp_path / "chain.pem"))

    def test_the_key_of_another_certificate_is_refused(self, tmp_path: Path) -> None:
        credentials(tmp_path)
        key = ed25519.Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (tmp_path / "key.pem").write_bytes(key)
        chain = own_folder(make_settings(tmp_path)) / "chain.pem"

        with pytest.raises(NotMarked, match="doesn't match the key"):
            credentials_of(make_settings(tmp_path, signing_cert=chain, signing_key=tmp_path / "key.pem"))

    @pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n"])
    def test_what_is_no_certificate_is_refused(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "cert.pem").write_bytes(content)

        with pytest.raises(NotMarked, match="Signing with"):
            credentials_of(
                make_settings(tmp_path, signing_cert=tmp_path / "cert.pem", signing_key=tmp_path / "cert.pem")
            )

    def test_its_own_holds_for_twenty_years(self, tmp_path: Path) -> None:
        """Without a time-stamp, a file counts as altered once the certificate has run out."""
        leaf = x509.load_pem_x509_certificates(credentials(tmp_path).chain_pem)[0]

        assert (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days > 19 * 365


class TestJsonLd:
    CLIP = PublicClip(
        title="Bridge",
        language="en",
        notice=TAGS.notice,
        content_url="https://a.example/c.mp3",
        encoding_format="audio/mpeg",
        content_bytes=1_536_000,
        duration_ms=192_000,
        uploaded_at="2026-11-23T10:00:00+00:00",
        article_url="https://gazette.example/bridge",
    )

    def test_it_says_that_a_trained_voice_speaks(self) -> None:
        found = json_ld(RECORD, self.CLIP)

        assert found["@type"] == "AudioObject"
        assert found["digitalSourceType"] == "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
        assert (found["duration"], found["bitrate"]) == ("PT3M12S", "64 kbit/s")
        assert found["creditText"] == "tone:beep (CC0-1.0)"

    def test_it_says_that_rules_speak(self) -> None:
        record = replace(RECORD, digital_source_type=DigitalSourceType.RULES.uri)

        assert json_ld(record, self.CLIP)["digitalSourceType"] == "https://schema.org/AlgorithmicMediaDigitalSource"

    def test_what_is_not_known_is_left_out(self) -> None:
        assert not {"embedUrl", "caption", "transcript"} & json_ld(RECORD, self.CLIP).keys()

    @pytest.mark.parametrize(("ms", "said"), [(0, "PT0S"), (999, "PT1S"), (60_000, "PT1M0S"), (3_661_000, "PT1H1M1S")])
    def test_durations_are_iso_8601(self, ms: int, said: str) -> None:
        assert iso_duration(ms) == said
