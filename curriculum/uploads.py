"""What editors upload, checked and cleaned before it is stored: pictures without a place, documents that are one."""

import io
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

KEPT = ("icc_profile", "transparency")  # the colours; all else a file says about itself may say where a child was
QUALITY = 90
BEGINNINGS = {  # where in the file, and what must stand there
    "pdf": (0, (b"%PDF-",)),
    "mp3": (0, (b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3", b"\xff\xe2")),
    "m4a": (4, (b"ftyp",)),
    "mp4": (4, (b"ftyp",)),
    "ogg": (0, (b"OggS",)),
    "webm": (0, (b"\x1a\x45\xdf\xa3",)),
}


class PictureField(WagtailImageField):
    def to_python(self, data):
        """Wagtail's checks, which let a picture that breaks off end in an error of the server; then the cleaning."""
        try:
            file = super().to_python(data)
            return file and without_traces(file)
        except (OSError, SyntaxError):  # Pillow's words for a broken picture
            raise ValidationError("This picture is broken. Open it in a picture program and save it again.") from None


class ImageForm(BaseImageForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if wagtails := self.fields.get("file"):
            same = {name: getattr(wagtails, name) for name in ("label", "required", "max_length", "widget")}
            self.fields["file"] = PictureField(**same)


class DocumentForm(BaseDocumentForm):
    def clean_file(self):
        file = self.cleaned_data["file"]
        if "file" in self.changed_data and file and not begins_as_named(file):
            raise ValidationError("This file is not what its name says. Check its ending, or save it again.")
        return file


def without_traces(file) -> SimpleUploadedFile:
    """The same picture, turned the right way up, without its camera, place, time or comments; the first frame only."""
    file.seek(0)
    with Image.open(file) as original:
        kind = "JPEG" if original.format == "MPO" else original.format  # MPO: what some phones make of a JPEG
        upright = ImageOps.exif_transpose(original)
        upright.info = {name: original.info[name] for name in KEPT if name in original.info}
        content = io.BytesIO()
        upright.save(content, kind, quality=QUALITY, icc_profile=upright.info.get("icc_profile"))
    return SimpleUploadedFile(file.name, content.getvalue(), content_type=Image.MIME[kind])


def begins_as_named(file) -> bool:
    """Whether a file begins as files with its ending do; an ending that we do not know never does."""
    place, beginnings = BEGINNINGS.get(PurePath(file.name).suffix.lower().removeprefix("."), (0, ()))
    file.seek(place)
    beginning = file.read(8)
    file.seek(0)
    return beginning.startswith(beginnings)
