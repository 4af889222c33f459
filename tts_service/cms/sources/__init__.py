"""One module per CMS, all with the same interface: verify a webhook's signature and read its article.

base        the values, and the interface of a source
registry    the sources by name; admit() checks a delivery
signatures  signature schemes
json_body   bytes -> JSON data, bounded
fields      JSON data -> validated texts, times, addresses
article_of  JSON data with common field names -> Document
rich_text, portable_text, strapi_blocks   editors' document trees -> HTML

Sources use no database, web framework or network. cms.inbox decides what follows from an event.
"""
