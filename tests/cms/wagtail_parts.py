"""What scenarios name by a dotted name."""


def given_text(page: object, request: object) -> str:
    return f"<p>Given by name for {page.title}.</p>"
