"""One file per CMS, all of the same shape: checks a webhook's signature and reads its article.

base        the values that travel, and the protocol of a source
registry    the sources by name; admit() accepts a delivery
signatures  the signature schemes
json_body   bytes -> JSON data, bounded
fields      JSON data -> checked texts, times, addresses
article_of  JSON data with the usual names -> Document
rich_text, portable_text, strapi_blocks   editors' trees -> HTML

A source knows no database, no web framework and no network. What follows from an event is decided in cms.inbox.
"""
