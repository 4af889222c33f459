"""`tts-service run` with TTS_HOST=::, called at the address it prints, and by IPv4."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.nginx_proxy import free_port
from tests.service import running
from tests.test_listening_address import IPV6

pytestmark = [pytest.mark.slow, IPV6]


def test_the_service_answers_at_the_address_it_prints(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path / "d", host="::", port=port, warm_voices="") as service:
        assert service.url == f"http://[::1]:{port}"
        for address in (service.url, f"http://127.0.0.1:{port}"):
            answer = httpx.get(f"{address}/readyz", trust_env=False)
            assert answer.json()["status"] == "ok"
