"""What the picture service refuses, in sentences a merchant can act on."""

from catalog.kernel.errors import Invalid, NotFound


class PictureRefused(Invalid):
    """The bytes are no picture we can take. Subclasses name the reason."""

    code = "picture_refused"


class UnsupportedPicture(PictureRefused):
    """Not one of the formats we read (SVG, HTML and PDF among them)."""

    code = "picture_unsupported"


class PictureTooLarge(PictureRefused):
    """Too many bytes or too many pixels; judged before anything is decoded."""

    code = "picture_too_large"


class BrokenPicture(PictureRefused):
    """It starts like a picture, but cannot be read to its end."""

    code = "picture_broken"


class PictureNotFetched(PictureRefused):
    """A remote picture that could not be had: the host, its answer, its size or its slowness."""

    code = "picture_not_fetched"


class UnknownPicture(NotFound):
    """No picture, rendition or upload of that name."""

    code = "picture_unknown"
