"""What the providers' words put into the help texts."""

from __future__ import annotations

from vps_tui.providers.registry import all_words

COMMON = ("monthly", "quarterly", "semiannually", "annually")


def names(between: str) -> str:
    """Return the providers' names in one text."""
    return between.join(words.name for words in all_words().values())


def ids() -> str:
    """Return the providers' ids in one text."""
    return " or ".join(all_words())


def changed_server() -> tuple[str, str]:
    """Return provider and id of a server that examples change, and the id of a plan for it."""
    return next(
        (f"{name} {words.owned_server}", words.new_plan) for name, words in all_words().items() if words.owned_server
    )


def with_notes(text: str, option: str, form: str = "{} ({})") -> str:
    """Return `text` with what the providers say of `option`, if any does."""
    notes = ", ".join(filter(None, (words.option_notes.get(option, "") for words in all_words().values())))
    return form.format(text, notes) if notes else text


def cycles() -> tuple[str, ...]:
    """Return the words for the billing cycles that the providers have."""
    return (*COMMON, *(cycle for words in all_words().values() for cycle in words.cycles))


def add_on_names() -> str:
    """Return what `change --add` takes, in one text."""
    *names, last = (name for words in all_words().values() for name in words.add_ons)
    return f"{', '.join(names)} or {last}"


def first() -> str:
    """Return the id of the provider that examples name."""
    return next(iter(all_words()))


def catalog_command() -> str:
    """Return the command for the catalogue of the first provider."""
    return f"catalog {all_words()[first()].catalog}"


def catalog_examples() -> str:
    """Return the lines with every provider's examples of `catalog`."""
    examples = (example for words in all_words().values() for example in words.catalog_examples)
    return "\n".join(f"  vps-tui catalog {example}" for example in examples)
