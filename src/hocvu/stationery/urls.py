"""Addresses of this room."""

from django.urls import path

from hocvu.stationery.views import blanks, designer, images, number_formats, sheets, templates

app_name = "stationery"
urlpatterns = [
    path("stationery/templates/", templates.template_list, name="templates"),
    path("stationery/templates/begin/", templates.begin, name="begin"),
    path("stationery/templates/<int:pk>/", templates.template, name="template"),
    path("stationery/versions/<int:pk>/", designer.version, name="version"),
    path("stationery/versions/<int:pk>/next/", templates.begin_version, name="begin_version"),
    path("stationery/versions/<int:pk>/preview/", designer.preview, name="preview"),
    path("stationery/versions/<int:pk>/page/<slug:sample>.png", designer.image, name="image"),
    path("stationery/versions/<int:pk>/checks/", designer.checks, name="checks"),
    path("stationery/versions/<int:pk>/use/", designer.use, name="use"),
    path("stationery/versions/<int:pk>/retire/", designer.retire, name="retire"),
    path("stationery/versions/<int:pk>/give-up/", designer.give_up, name="give_up"),
    path("register/numbers/", number_formats.number_formats, name="number_formats"),
    path("register/numbers/new/", number_formats.set_format, name="set_number_format"),
    path("stationery/images/", images.image_list, name="images"),
    path("stationery/images/add/", images.add, name="add_image"),
    path("stationery/images/<int:pk>/", images.shown, name="issuer_image"),
    path("stationery/images/<int:pk>.png", images.file, name="image_file"),
    path("stationery/images/<int:pk>/withdraw/", images.withdraw, name="withdraw_image"),
    path("stationery/blanks/", blanks.book_list, name="books"),
    path("stationery/blanks/receive/", blanks.receive, name="receive"),
    path("stationery/blanks/take/", sheets.take, name="take"),
    path("stationery/blanks/journal/", blanks.journal, name="journal"),
    path("stationery/blanks/books/<int:pk>/", blanks.book, name="book"),
    path("stationery/blanks/books/<int:pk>/destroy/", blanks.destroy, name="destroy"),
    path("stationery/blanks/<int:pk>/", blanks.blank, name="blank"),
]
