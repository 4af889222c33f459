"""Listening statistics: messages from players, figures for staff and tools."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from tts_service.errors.faults import expected
from tts_service.listeners.listening.counting import ListeningMessage, Milestone
from tts_service.listeners.listening.figures import ClipFigures, Figures, Leaving
from tts_service.web.schemas.fields import CLIP_TOKEN, WHOLE, Cleaned, ShownClip, ShownSite, example

_CLIP = expected(r"^[A-Za-z0-9_-]+$", "must be a clip's id: letters, digits, '-' and '_'")


class ListeningIn(Cleaned):
    """One message from a player. It doesn't identify the listener."""

    model_config = example(
        {
            "clip": "clip_019b4c5e77f27c10",
            "revision": 1,
            "clip_token": CLIP_TOKEN,
            "reached": ["start", "quarter"],
            "speed": 1.25,
        }
    )

    clip: str = Field(max_length=64, pattern=_CLIP)
    revision: Annotated[int, Field(ge=1, le=2**31), WHOLE]
    clip_token: str = Field(
        max_length=200, description="`feedback_token` from the clip's description. Valid for 2 hours"
    )
    reached: list[Milestone] = Field(default=[], max_length=5)
    speed: Annotated[float | None, Field(ge=0.25, le=4)] = Field(
        None, description="Playback speed; 1.0 is the voice's own speed"
    )
    left: Annotated[int, Field(ge=0, le=10**6), WHOLE] | None = Field(
        None, description="Position of the sentence at which the listener stopped"
    )

    def heard(self) -> ListeningMessage:
        return ListeningMessage(
            clip_id=self.clip, revision=self.revision, milestones=tuple(self.reached), speed=self.speed, left=self.left
        )


class FiguresOut(BaseModel):
    """Counts; null if there were fewer than 5 starts."""

    starts: int | None = Field(examples=[120])
    quarter: int | None = Field(examples=[96])
    half: int | None = Field(examples=[81])
    three_quarters: int | None = Field(examples=[70])
    end: int | None = Field(examples=[63])
    completion: float | None = Field(description="Share of starts that reached the end, 0 to 1", examples=[0.525])
    speed: float | None = Field(description="Most common playback speed", examples=[1.0])


class DayOut(BaseModel):
    day: str = Field(examples=["2026-03-09"])
    starts: int = Field(examples=[118])


class LeavingOut(BaseModel):
    sentence: int = Field(examples=[3])
    text: str = Field(examples=["Traffic starts tomorrow."])
    times: int = Field(examples=[9])


class ClipListeningOut(FiguresOut):
    """A clip's statistics, in total and by revision."""

    clip: ShownClip
    site: ShownSite
    title: str = Field(examples=["New bridge opens"])
    revisions: dict[int, FiguresOut]
    days: list[DayOut] = Field(description="Days with at least 5 starts, newest first")
    few_days: int = Field(description="Starts on all other days together; 0 if fewer than 5", examples=[0])
    left: list[LeavingOut] = Field(
        description="Sentences of the newest revision at which at least 5 listeners stopped, most frequent first"
    )
    left_elsewhere: int = Field(
        description="How many listeners stopped at other sentences of it; 0 if fewer than 5", examples=[14]
    )


class ListeningList(BaseModel):
    """The clips with the most starts."""

    days: int = Field(examples=[30])
    clips: list[ClipListeningOut]


def clip_out(found: ClipFigures) -> ClipListeningOut:
    """A clip's figures as the API gives them."""
    return ClipListeningOut(
        clip=found.clip_id,
        site=found.site,
        title=found.title,
        **_figures(found.all),
        revisions={number: FiguresOut(**_figures(one)) for number, one in found.revisions.items()},
        days=[DayOut(day=day, starts=starts) for day, starts in found.days],
        few_days=found.few_days,
        left=[_leaving(one) for one in found.left],
        left_elsewhere=found.left_elsewhere,
    )


def _figures(found: Figures) -> dict[str, float | None]:
    reached = {name: found.reached.get(name) for name in ("quarter", "half", "three_quarters", "end")}
    return {"starts": found.starts, **reached, "completion": found.completion, "speed": found.speed}


def _leaving(one: Leaving) -> LeavingOut:
    return LeavingOut(sentence=one.sentence, text=one.text, times=one.times)
