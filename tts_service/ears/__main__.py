"""The ears' child: `python -m tts_service.ears` listens for one worker until the worker closes its pipe.

Requests and answers are frames as those of an engine's child (engines/child/framing.py):

    {"id", "rate_hz", "language"} + PCM
    {"id", "text"}     or     {"id", "knows": false}     or     {"id", "error": {code, message, ...}}

Frame 0, sent unasked, reports that the model is loaded, or why it can't be.
"""

from __future__ import annotations

import argparse
import os
import sys

from tts_service.ears.recogniser import Recogniser
from tts_service.engines.child.__main__ import end_with, own_pipes, reader
from tts_service.engines.child.framing import FrameError, Header, PipeMessage, pack, read_frame
from tts_service.errors import EarsUnavailable

_NICENESS = 19


def main() -> None:
    """Listens until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True, help="process id of the worker")
    options = parser.parse_args()
    end_with(options.parent)
    os.nice(_NICENESS)
    requests, answers = own_pipes()
    try:
        recogniser = Recogniser()
    except EarsUnavailable as error:
        answers.write(pack({"id": 0, "error": {"code": error.code, "message": error.message, "details": {}}}))
        return
    answers.write(pack({"id": 0}))
    while True:
        try:
            request = read_frame(reader(requests))
        except EOFError:
            return
        except FrameError as error:
            sys.exit(f"ears' child: {error}")
        answers.write(pack({"id": request.header["id"], **_answer(recogniser, request)}))


def _answer(recogniser: Recogniser, request: PipeMessage) -> Header:
    if not recogniser.knows(request.header["language"]):
        return {"knows": False}
    return {"text": recogniser.hear(request.pcm, request.header["rate_hz"], request.header["language"])}


if __name__ == "__main__":
    main()
