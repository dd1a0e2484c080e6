from django.db import models


class LoadedRecord(models.Model):
    """What the loader wrote last for one page or snippet in one language: how it tells an editor's work from its own.

    A page whose latest revision is another one has been edited in the site, and is left alone.
    """

    name = models.CharField(max_length=120, help_text="Which part of the content files, e.g. lessons/s2-4/quiz.")
    language = models.CharField(max_length=12)
    translation_key = models.UUIDField()
    digest = models.CharField(max_length=64)
    revision = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "language"], name="one_record_a_name_and_language")]

    def __str__(self):
        return f"{self.name} ({self.language})"
