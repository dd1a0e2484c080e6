"""Content files to pages and snippets: English first, then three translations through wagtail-localize's own models.

What the loader wrote is remembered in `LoadedRecord`; what an editor has touched since is left alone and reported.
"""

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from curriculum.grammar import LANGUAGES, SOURCE_LANGUAGE
from curriculum.models import LoadedRecord
from curriculum.streams import key_for

OTHER_LANGUAGES = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]


class PageRefused(Exception):
    """A page cannot become what the files say; says which part, and why."""


@dataclass
class Report:
    """What happened, a line each: `created`, `updated`, `unchanged`, `left alone`."""

    lines: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, what: str, name: str, why: str = "") -> None:
        self.lines.append((what, name, why))

    @property
    def counts(self) -> Counter:
        return Counter(what for what, _name, _why in self.lines)


@dataclass
class Part:
    """One page or snippet of the content files, and how an instance of it gets its values in one language."""

    name: str
    words: dict[str, dict[str, Any]]
    digest: str
    fill: Callable[[Any, dict[str, Any]], None]
    model: type[models.Model]
    parent: Page | None = None
    live: bool = True

    @property
    def key(self) -> uuid.UUID:
        return key_for(self.name)


class Loader:
    """Writes parts, in order, inside one transaction that the caller opens."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.locales = {code: _locale(code) for code in LANGUAGES}
        self.records = {(record.name, record.language): record for record in LoadedRecord.objects.all()}

    def write(self, part: Part) -> models.Model | None:
        """Creates or updates one part in four languages; returns its English instance, or None where it was deleted.

        Raises `PageRefused` where the page does not accept the words; then the caller rolls back.
        """
        instances = {
            instance.locale.language_code: instance
            for instance in part.model.objects.filter(translation_key=part.key).select_related("locale")
        }
        source, record = instances.get(SOURCE_LANGUAGE), self.records.get((part.name, SOURCE_LANGUAGE))
        if source is None and record is not None:
            self.report.add("left alone", part.name, "deleted in the site")
            return None
        if source is not None and self._touched(part, source, record):
            self.report.add("left alone", part.name, "edited in the site")
            return source
        if record and record.digest == part.digest and all((part.name, name) in self.records for name in LANGUAGES):
            self.report.add("unchanged", part.name)
            return source
        self.report.add("updated" if source else "created", part.name)
        try:
            source = self._write_source(part, source)
            self._write_translations(part, source, instances)
        except ValidationError as error:
            raise PageRefused(f"{part.name}: {' '.join(error.messages)}") from error
        return source

    def _touched(self, part: Part, instance, record: LoadedRecord | None) -> bool:
        taken_offline = not getattr(instance, "live", True) and getattr(instance, "may_show", True)
        return record is None or taken_offline or instance.latest_revision_id != record.revision

    def _words_of_a_translator(self, part: Part, locale: Locale):
        return StringTranslation.objects.filter(
            context__object_id=part.key, locale=locale, last_translated_by__isnull=False
        )

    def _write_source(self, part: Part, source):
        words = part.words[SOURCE_LANGUAGE]
        if source is None:
            source = part.model(locale=self.locales[SOURCE_LANGUAGE], translation_key=part.key)
            part.fill(source, words)
            if isinstance(source, Page):
                source.live = False
                part.parent.add_child(instance=source)
            else:
                if hasattr(source, "live"):
                    source.live = False
                source.save()
        else:
            part.fill(source, words)
        revision = source.save_revision()
        if part.live and hasattr(source, "live"):
            revision.publish()
        elif not hasattr(source, "live"):
            source.save()
        elif source.live:
            source.unpublish()
        source.refresh_from_db()
        self._remember(part, SOURCE_LANGUAGE, source)
        return source

    def _write_translations(self, part: Part, source, instances) -> None:
        translation_source, _created = TranslationSource.update_or_create_from_instance(source)
        segments = StringSegment.objects.filter(source=translation_source).select_related("string", "context")
        for language in OTHER_LANGUAGES:
            locale, record = self.locales[language], self.records.get((part.name, language))
            present = instances.get(language)
            if present is not None and self._touched(part, present, record):
                self.report.add("left alone", f"{part.name} ({language})", "edited in the site")
                continue
            if self._words_of_a_translator(part, locale).exists():
                self.report.add("left alone", f"{part.name} ({language})", "translated in the site")
                continue
            if present is None and record is not None:
                self.report.add("left alone", f"{part.name} ({language})", "deleted in the site")
                continue
            self._translate(part, source, list(segments), language)
            translation, _created = Translation.objects.get_or_create(source=translation_source, target_locale=locale)
            translation.save_target(publish=part.live and not hasattr(source, "live"))
            target = translation.get_target_instance()
            if hasattr(target, "live") and part.live:
                target.latest_revision.publish()
                target.refresh_from_db()
            elif hasattr(target, "live") and target.live:
                target.unpublish()
            self._remember(part, language, target)

    def _translate(self, part: Part, source, segments, language: str) -> None:
        """Stores this language's strings, found by laying the same structure out in it."""
        twin = source.__class__(locale=source.locale, translation_key=source.translation_key)
        for name in ("path", "depth", "numchild", "slug", "pk"):
            if hasattr(source, name):
                setattr(twin, name, getattr(source, name))
        part.fill(twin, part.words[language])
        strings: dict[str, list[str]] = {}
        for value in extract_segments(twin):
            if isinstance(value, StringSegmentValue):
                strings.setdefault(value.path, []).append(value.string.data)
        rows, seen = [], Counter()
        for segment in sorted(segments, key=lambda segment: segment.order):
            path = segment.context.path
            data = strings[path][seen[path]]
            seen[path] += 1
            rows.append((segment, data))
        locale = self.locales[language]
        contexts = {segment.context_id for segment, _data in rows}
        StringTranslation.objects.filter(context__in=contexts, locale=locale).delete()
        unique = {(segment.string_id, segment.context_id): data for segment, data in rows}
        StringTranslation.objects.bulk_create(
            StringTranslation(
                translation_of_id=string,
                context_id=context,
                locale=locale,
                data=data,
                translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            )
            for (string, context), data in unique.items()
        )

    def _remember(self, part: Part, language: str, instance) -> None:
        LoadedRecord.objects.update_or_create(
            name=part.name,
            language=language,
            defaults={
                "translation_key": part.key,
                "digest": part.digest,
                "revision": instance.latest_revision_id,
            },
        )


def _locale(code: str) -> Locale:
    locale, _created = Locale.objects.get_or_create(language_code=code)
    return locale
