"""Addresses of this room."""

from django.urls import path

from hocvu.people.views import accounts, people, rosters, units

app_name = "people"
urlpatterns = [
    path("sign-in/", accounts.SignIn.as_view(), name="sign_in"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("account/", accounts.account, name="account"),
    path("account/password/", accounts.ChangePassword.as_view(), name="change_password"),
    path("people/", people.people_list, name="list"),
    path("people/<int:person_id>/", people.person_record, name="person"),
    path("people/<int:person_id>/roles/", people.GrantRole.as_view(), name="grant_role"),
    path("people/<int:person_id>/account/", people.CreateAccount.as_view(), name="create_account"),
    path("people/<int:person_id>/password/", people.ResetPassword.as_view(), name="reset_password"),
    path("roles/<int:grant_id>/end/", people.end_role_view, name="end_role"),
    path("units/", units.unit_list, name="units"),
    path("units/<int:unit_id>/", units.unit_record, name="unit"),
    path("rosters/", rosters.roster_list, name="rosters"),
    path("rosters/upload/", rosters.upload, name="upload_roster"),
    path("rosters/template/", rosters.template, name="roster_template"),
    path("rosters/<int:roster_id>/", rosters.roster, name="roster"),
    path("rosters/<int:roster_id>/import/", rosters.import_view, name="import_roster"),
    path("rosters/<int:roster_id>/ticks/", rosters.ticks, name="tick_proposals"),
    path("rosters/<int:roster_id>/give-up/", rosters.give_up, name="give_up_roster"),
    path("rosters/<int:roster_id>/outcome/", rosters.outcome_file, name="roster_outcome_file"),
]
