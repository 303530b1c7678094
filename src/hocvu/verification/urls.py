"""Addresses of this room. Those on paper, in logs and in credentials never change."""

from django.urls import path, re_path

from hocvu.verification import api
from hocvu.verification.views import bulk, keys, offline, pages, resources

app_name = "verification"
urlpatterns = [
    path("verify/", pages.verify, name="verify"),
    path("verify/many/", bulk.bulk, name="bulk"),
    path("verify/programs/", bulk.programs, name="programs"),
    path("verify/keys/", keys.keys, name="keys"),
    path("verify/keys/grant/", keys.grant, name="grant"),
    path("verify/keys/<int:key_id>/withdraw/", keys.withdraw, name="withdraw"),
    path("api/verify/", api.verify, name="api"),
    path("api/verify/openapi.json", resources.description, name="description"),
    path("v/", offline.offline, name="offline"),
    path("v/manifest.webmanifest", offline.manifest, name="manifest"),
    path("v/worker.js", offline.worker, name="worker"),
    re_path(r"^v/(?P<code>[^/]+)/?\Z", pages.code, name="code"),
    path("log/<path:path>", resources.log, name="log"),
    path("status/<str:purpose>/<int:number>", resources.status, name="status"),
    path("trust/snapshot.txt", resources.snapshot, name="snapshot"),
    path("trust/issuers.json", resources.issuers, name="issuers"),
    path("trust/roots.pem", resources.roots, name="roots"),
    path("trust/register.vkey", resources.register_key, name="register_key"),
    path(".well-known/did.json", resources.did, name="did"),
]
