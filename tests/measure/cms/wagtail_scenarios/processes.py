"""Who sends, and when: a web process after its response, a task backend, a command before it ends."""

from __future__ import annotations

import json
import threading
import time

from blog import acting
from django.core.signals import request_finished, request_started
from listen_to_the_article import wake
from listen_to_the_article.models import PendingPage

from tests.measure.cms.wagtail_world import World


def _wait_for(what: object, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not what() and time.monotonic() < until:
        time.sleep(0.02)
    assert what()


def a_web_process_sends_after_its_response(world: World) -> None:
    page = world.publish()
    PendingPage.objects.all().delete()
    wake._Process.wanted = False
    asked = {"do": "put", "page": page, "state": "draft"}
    sent_before_the_response = []

    def look(**_: object) -> None:
        sent_before_the_response.extend(world.receiver.bodies)

    request_finished.connect(look, dispatch_uid="look")
    request_finished.receivers.insert(0, request_finished.receivers.pop())  # before the app's own
    request_finished.sender_receivers_cache.clear()
    try:
        world.client().post("/act/", json.dumps(asked), content_type="application/json")
    finally:
        request_finished.disconnect(dispatch_uid="look")
    _wait_for(lambda: world.receiver.bodies)
    assert sent_before_the_response == []
    assert world.receiver.kinds() == ["unpublished"]
    _wait_for(lambda: not wake._Process.sending)
    assert not PendingPage.objects.exists()


def a_stopped_service_holds_up_no_request(world: World) -> None:
    """The response is complete while the delivery still waits for its answer."""
    page = world.told()
    world.receiver.silent = threading.Event()
    asked = {"do": "change", "page": page, "html": "<p>Another text.</p>"}
    response = world.client().post("/act/", json.dumps(asked), content_type="application/json")
    assert response.status_code == 200
    assert len(world.receiver.bodies) == 1, "only what was told before"
    assert PendingPage.objects.get(page_id=page)
    world.receiver.silent.set()
    _wait_for(lambda: not wake._Process.sending)
    assert world.receiver.kinds() == ["published", "updated"]


def what_is_marked_while_sending_is_sent_too(world: World) -> None:
    first, second = world.publish(), world.publish()
    PendingPage.objects.all().delete()
    wake._Process.wanted = False

    def publish_once() -> None:
        world.receiver.during = None
        request_started.send(sender=None)
        acting.put(second, "draft")
        request_finished.send(sender=None)

    world.receiver.during = publish_once
    request_started.send(sender=None)
    acting.put(first, "draft")
    request_finished.send(sender=None)
    _wait_for(lambda: len(world.receiver.bodies) == 2)
    _wait_for(lambda: not wake._Process.sending)
    assert {body["data"]["id"] for body in world.receiver.bodies} == {first, second}


def a_command_sends_before_it_ends(world: World) -> None:
    """Outside a request there is no thread that would die with the process: it is done at exit."""
    wake._Process.wanted = wake._Process.at_exit = False
    world.publish()
    assert wake._Process.at_exit
    assert world.receiver.bodies == []
    wake._send_before_exit()
    assert world.receiver.kinds() == ["published"]


def a_task_backend_takes_it(world: World) -> None:
    from listen_to_the_article import background

    enqueued: list[str] = []
    kept = background.task_backends["default"]

    class Recording(type(kept)):
        def enqueue(self, task: object, args: object, kwargs: object) -> None:
            enqueued.append(task.module_path)

    background.task_backends["default"] = Recording("default", {})
    try:
        wake._Process.wanted = False
        world.publish()
    finally:
        background.task_backends["default"] = kept
    assert not wake._Process.wanted, "nobody else sends it"
    assert "listen_to_the_article.background.tell_pages" in enqueued
    background.tell_pages.call()
    assert world.receiver.kinds() == ["published"]
