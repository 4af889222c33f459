"""What publishers hear is what the document's `webhooks` say."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from sqlalchemy import select

from tests.measure.openapi_document import document
from tests.parts.factories import make_article
from tests.parts.quick_render import Workers
from tts_service.callbacks.endpoints import EndpointDraft, add_endpoint
from tts_service.callbacks.log import send_test
from tts_service.callbacks.news import clip_failed
from tts_service.db.tables import DeliveryRow, JobRow
from tts_service.jobs.acceptable import Wish
from tts_service.jobs.control import withdraw
from tts_service.jobs.submit import submit
from tts_service.listeners.reports import ReportDraft, change_report, receive
from tts_service.parts import Parts


def test_every_event_that_is_sent_fits_its_schema(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = {json.loads(body)["type"]: json.loads(body) for body in sent(parts, monkeypatch)}
    assert set(heard) == set(document()["webhooks"])

    registry = Registry().with_resource("urn:document", Resource(contents=document(), specification=DRAFT202012))
    found = []
    for kind, event in heard.items():
        schema = f"urn:document#/webhooks/{kind}/post/requestBody/content/application~1json/schema"
        validator = Draft202012Validator({"$ref": schema}, registry=registry)
        found += [f"{kind}: {error.json_path} {error.message[:200]}" for error in validator.iter_errors(event)]
    assert found == []


def sent(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bodies of one event of each type."""
    endpoint, _ = add_endpoint(parts, EndpointDraft(url="https://cms.example/hear"))
    job_id = submit(parts, make_article(), Wish(voice="tone:beep")).job_id
    assert Workers(parts, monkeypatch).render(job_id)
    with parts.database.writing() as session:
        job = session.get_one(JobRow, job_id)
        job.error = {"code": "nothing_to_speak", "title": "Nothing in this article is spoken", "detail": "All of it."}
        clip_failed(parts, session, job_id)
        clip_id = job.clip_id
    change_report(
        parts, receive(parts, ReportDraft(clip_id=clip_id, category="other")), "rejected", "It is as it should be."
    )
    send_test(parts, endpoint.id)
    withdraw(parts, "gazette", "1")
    with parts.database.reading() as session:
        return list(session.scalars(select(DeliveryRow.body)))
