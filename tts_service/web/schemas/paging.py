"""Pages of a list: a cursor belongs to one list with one set of filters, and is refused anywhere else."""

from __future__ import annotations

import hashlib
import json

from pydantic import BaseModel

from tts_service.errors import InputRefused
from tts_service.web.schemas.fields import Cursor, PageSize


class PageQuery(BaseModel):
    """The query of a list; a subclass names the list, and its fields are the filters."""

    cursor: Cursor = None
    limit: PageSize = 50

    def place(self, of: str = "") -> str | None:
        """Where in the list the page before ended; None: there was none. `of`: id of the thing whose list it is.

        Raises InputRefused: `cursor` isn't one, or is from another list, or from this one with other filters.
        """
        if not self.cursor:
            return None
        listed, filters, place = ("", "", "") if self.cursor.count("~") < 2 else self.cursor.split("~", 2)
        if not place:
            raise InputRefused("The cursor is not valid: use `next` from the previous page.")
        if listed != self._list_mark(of):
            raise InputRefused("The cursor is from another list: use `next` from the previous page of this list.")
        if filters != self._filter_mark():
            raise InputRefused(
                "The cursor is from a page with other filters: send the same filters, or omit the cursor."
            )
        return place

    def cursor_after(self, place: str, of: str = "") -> str:
        """The cursor of the page that starts after this place."""
        return f"{self._list_mark(of)}~{self._filter_mark()}~{place}"

    def _list_mark(self, of: str) -> str:
        return _mark(f"{type(self).__name__} {of}")

    def _filter_mark(self) -> str:
        filters = self.model_dump(mode="json", exclude={"cursor", "limit"})
        return _mark(json.dumps({name: filters[name] for name in sorted(filters) if filters[name] not in (None, "")}))


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
