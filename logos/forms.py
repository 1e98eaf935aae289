"""What is handed in as a logo: is it a picture that we can draw?"""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from letters.forms import DeskForm
from logos import drawing
from logos.drawing import Drawing

LARGEST_FILE = 2 * 1024 * 1024  # bytes
WORDS = {
    drawing.NotAPicture: _(
        "This file is no picture that can be read. Save it as PNG, JPEG or WebP and try again; "
        "an SVG has to become one of these first."
    ),
    drawing.HoldsAPage: _("This file holds more than a picture. Save the picture anew and try again."),
    drawing.TooManyPixels: _("This picture has too many pixels. Make it smaller: a width of 960 is plenty."),
    drawing.Moves: _("This picture moves. A logo stands still: save one picture of it."),
}
TOO_LARGE = _("This file is larger than 2 MB. Make the picture smaller: a width of 960 pixels is plenty.")


class LogoForm(DeskForm):
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "PNG, JPEG or WebP, at most 2 MB. It is drawn anew: place, camera and whatever else "
            "the file tells are left out."
        ),
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}),
    )

    def __init__(self, request: HttpRequest) -> None:
        posted = request.method == "POST"
        super().__init__(request.POST if posted else None, request.FILES if posted else None)

    def clean_picture(self) -> Drawing:
        """The picture, drawn anew."""
        file: Any = self.cleaned_data["picture"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(TOO_LARGE)
        try:
            return drawing.draw(file.read())
        except tuple(WORDS) as error:
            raise forms.ValidationError(WORDS[type(error)]) from error
