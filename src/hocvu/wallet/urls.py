"""Addresses of this room. Those of links, achievements and issuers stand in others' hands."""

from django.urls import path, re_path

from hocvu.wallet.views import achievements, certificates, looked, public, requests, shares

app_name = "wallet"
urlpatterns = [
    path("certificates/", certificates.mine, name="mine"),
    path("certificates/mine/<int:certificate_id>/", certificates.certificate, name="certificate"),
    path("certificates/mine/<int:certificate_id>/sign/", certificates.sign, name="sign"),
    path(
        "certificates/mine/<int:certificate_id>/credential.<str:kind>",
        certificates.credential,
        name="credential",
    ),
    path("certificates/mine/<int:certificate_id>/request/", requests.ask, name="ask"),
    path("shares/", shares.shares, name="shares"),
    path("shares/new/", shares.new, name="new_share"),
    path("shares/looked/", looked.openings, name="openings"),
    path("shares/checks/", looked.checks, name="checks"),
    path("shares/<int:share_id>/", shares.share, name="share"),
    path("shares/<int:share_id>/withdraw/", shares.withdraw, name="withdraw"),
    re_path(r"^w/(?P<token>[^/]+)/?\Z", public.share, name="open"),
    path("w/<str:token>/<int:position>.pdf", public.file, name="open_file"),
    path("register/requests/", requests.requests, name="requests"),
    path("register/requests/<int:request_id>/", requests.answer, name="answer"),
    path(
        "achievements/<int:programme_id>/<int:issuer_id>",
        achievements.achievement,
        name="achievement",
    ),
    path("achievements/image.svg", achievements.image, name="image"),
    path("issuers/<int:unit_id>", achievements.issuer, name="issuer"),
]
