"""Language tags (BCP 47) of voices: canonical form, and how well a voice matches an article."""

from __future__ import annotations

SAME_LANGUAGE = {"zh": "cmn", "no": "nb", "nn": "nb", "iw": "he", "in": "id", "sh": "hr", "tl": "fil"}
"""Articles' language tags -> the tag that voices of the language carry."""


def written(tag: str) -> str:
    """A tag in the case of RFC 5646, section 2.1.1: `en_us` -> `en-US`, `cmn-latn-pinyin` -> `cmn-Latn-pinyin`."""
    primary, *rest = tag.strip().replace("_", "-").lower().split("-")
    out = [primary]
    for part in rest:
        behind_singleton = any(len(earlier) == 1 for earlier in out)
        if behind_singleton or len(part) not in (2, 4):
            out.append(part)
        else:
            out.append(part.upper() if len(part) == 2 else part.title())
    return "-".join(out)


def normal_tag(language: str) -> str:
    """A BCP 47 tag in lower case with hyphens; the primary language is the one voices carry."""
    primary, *rest = language.strip().replace("_", "-").lower().split("-")
    return "-".join([SAME_LANGUAGE.get(primary, primary), *rest])


def same_primary_language(one: str, other: str) -> bool:
    """Whether two tags name the same language, ignoring the region: `de-AT` and `de`, `no` and `nb`."""
    return normal_tag(one).split("-")[0] == normal_tag(other).split("-")[0]


def closeness(tag: str, spoken: str) -> float:
    """How well a voice of language `spoken` fits: 0 is no match; more shared subtags first, then fewer extra ones."""
    requested, offered = tag.split("-"), normal_tag(spoken).split("-")
    shared = 0
    for a, b in zip(requested, offered, strict=False):
        if a != b:
            break
        shared += 1
    return max(0.0, shared - 0.1 * (len(offered) - shared)) if shared else 0.0
