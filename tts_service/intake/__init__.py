"""CMS webhooks in: one small file per source, all the same shape.

    base         the values that travel, and what a source is
    registry     the sources by name; admit() lets a delivery in
    signatures   the ways to sign, each with its check
    json_body    bytes -> JSON data, bounded
    fields       JSON data -> checked texts, times, addresses
    article_of   JSON data with the usual names -> Document
    rich_text, portable_text, strapi_blocks      trees that editors write -> HTML

A source reads and checks; it knows no database, no web framework and no network. What is kept and what follows from
an event is tts_service.hooks' part.
"""
