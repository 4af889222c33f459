"""What the processes counted, and which of them are alive."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from tts_service.db.tables.base import Base


class MetricRow(Base):
    """A sample of a metric, added up over all processes that ever ran."""

    __tablename__ = "metrics"

    sample: Mapped[str] = mapped_column(primary_key=True)
    """As in Prometheus' text format, for example tts_stage_seconds_bucket."""
    labels: Mapped[str] = mapped_column(primary_key=True)
    """JSON object with sorted names."""
    value: Mapped[float]


class ProcessRow(Base):
    """A running process of the service. It is removed when the process ends, or a day after its last sign of life."""

    __tablename__ = "processes"

    owner: Mapped[str] = mapped_column(primary_key=True)
    """As in JobRow.lease_owner; `beat` for beat, which runs once."""
    part: Mapped[str]
    """api, worker, callbacks, beat."""
    started_ms: Mapped[int]
    seen_ms: Mapped[int]
    version: Mapped[str] = mapped_column(server_default="")
    """Of this program; empty: earlier than this column."""
