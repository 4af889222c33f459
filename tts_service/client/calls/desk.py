"""The desk's figures, the service as it runs now, and people's recordings of whole articles."""

from __future__ import annotations

import os
from pathlib import Path

from tts_service.client.calls.call import Call, path_part
from tts_service.client.values.json_members import Json
from tts_service.client.values.overview import Overview
from tts_service.client.values.running import Running

_RECORDING_TIMEOUT_S = 300.0
"""The service decodes all of it before it answers."""


def overview(*, site: str | None = None, days: int = 28) -> Call[Overview]:
    """The desk's figures of a period up to today, and of now; `site` None: of all sites that the key is for."""
    return Call(method="GET", path="/v1/overview", params={"site": site, "days": days}, read=Overview.of)


def running() -> Call[Running]:
    """The service now: what is down, what waits, what is being made, what failed, what is kept; with a key for one
    site, that site's part."""
    return Call(method="GET", path="/v1/running", read=Running.of)


def send_recording(site: str, article_id: str, file: str | os.PathLike[str], *, any_length: bool = False) -> Call[str]:
    """Publish a person's recording of an article in place of its synthetic version. The id of the job that does it.

    The file is sent piece by piece. `any_length`: it may be much shorter or longer than the synthetic version. Raises
    Refused with the reason, Conflict.
    """
    return Call(
        method="POST",
        path=f"{_recording(site, article_id)}",
        params={"any_length": any_length},
        file=Path(file),
        headers={"Content-Type": "application/octet-stream"},
        read=_job_id,
        once=True,
        timeout_s=_RECORDING_TIMEOUT_S,
    )


def take_recording_back(site: str, article_id: str) -> Call[str]:
    """Let the synthetic version be heard again. The id of the job that does it. Raises Conflict: none is heard."""
    return Call(method="POST", path=f"{_recording(site, article_id)}/take-back", read=_job_id, once=True)


def _recording(site: str, article_id: str) -> str:
    return f"/v1/articles/{path_part(site)}/{path_part(article_id)}/recording"


def _job_id(data: Json) -> str:
    job_id: str = data["job_id"]
    return job_id
